/** What makes a reading worth a second look before it is sent. Pure. */

import type { Sensor, Value } from "@/shared/api/types";
import type { Limit } from "@/shared/model/sensors";

export type Doubt =
  /** Beyond an alarm limit, the outermost one. */
  | { kind: "beyond"; limit: Limit; at: number }
  /** Ten times the last value, or a tenth of it: a decimal sign is easily missed. */
  | { kind: "jump"; last: number }
  /** A word that the sensor has never said. */
  | { kind: "newWord"; known: readonly string[] };

/** A little less than ten, for the value itself has moved meanwhile. */
const FACTOR = 7;

function beyond({ ll, l, h, hh }: Sensor["limits"], value: number): Doubt | undefined {
  if (typeof hh === "number" && value > hh) return { kind: "beyond", limit: "hh", at: hh };
  if (typeof h === "number" && value > h) return { kind: "beyond", limit: "h", at: h };
  if (typeof ll === "number" && value < ll) return { kind: "beyond", limit: "ll", at: ll };
  if (typeof l === "number" && value < l) return { kind: "beyond", limit: "l", at: l };
  return undefined;
}

const isBounded = ({ ll, l, h, hh }: Sensor["limits"]): boolean => typeof (l ?? ll) === "number" && typeof (h ?? hh) === "number";

function isJump(value: number, last: number): boolean {
  if (last === 0 || value === 0) return false;
  const ratio = Math.abs(value / last);
  return ratio >= FACTOR || ratio <= 1 / FACTOR;
}

/** The first doubt about a value; `last` is what the sensor said before, `known` the words it has ever said. */
export function doubtOf({ limits }: Pick<Sensor, "limits">, value: Value, last: Value | undefined, known: readonly string[] = []): Doubt | undefined {
  if (typeof value === "string") return known.length > 0 && !known.includes(value) ? { kind: "newWord", known } : undefined;
  if (typeof value !== "number") return undefined;
  const out = beyond(limits, value);
  if (out) return out;
  // Between limits on both sides a value is as it should be, however far it has come.
  return typeof last === "number" && !isBounded(limits) && isJump(value, last) ? { kind: "jump", last } : undefined;
}
