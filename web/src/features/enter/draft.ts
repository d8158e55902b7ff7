/** The form while somebody fills it in, and the reading it stands for. Pure. */

import type { Sensor, Value } from "@/shared/api/types";
import { momentMs } from "@/shared/format/moment";
import { doubtOf, type Doubt } from "./plausible";
import { typed, type NumberFault } from "./typed";

/** Texts by key of the sensor; `sure`: values that are strange, and have been looked at twice. */
export interface Draft {
  texts: Readonly<Record<string, string>>;
  sure: readonly string[];
  note: string;
  /** In the words of MomentField: `now`, `-10m`, a date. */
  at: string;
}

export const EMPTY: Draft = { texts: {}, sure: [], note: "", at: "now" };

/** As the service takes them. */
export const MOST_NOTE = 500;
const MOST_TEXT = 256;
const OLDEST_MS = 400 * 86_400_000;
/** Between two clocks. */
const SLACK_MS = 60_000;

/** Whoever changes a value has looked at another one. */
export const withText = (draft: Draft, key: string, text: string): Draft => ({ ...draft, texts: { ...draft.texts, [key]: text }, sure: draft.sure.filter((one) => one !== key) });

export const withSure = (draft: Draft, key: string, isSure: boolean): Draft => ({ ...draft, sure: [...draft.sure.filter((one) => one !== key), ...(isSure ? [key] : [])] });

export type Fault = NumberFault | "tooLong";
type Read = { value: NonNullable<Value> } | { fault: Fault };

/** What a text says of a sensor; undefined where nothing is filled in. */
export function read({ datatype }: Pick<Sensor, "datatype">, text: string | undefined): Read | undefined {
  const clean = (text ?? "").trim();
  if (clean === "") return undefined;
  if (datatype === "bool") return { value: clean === "true" };
  if (datatype === "string") return clean.length > MOST_TEXT ? { fault: "tooLong" } : { value: clean };
  return typed(clean);
}

export interface Filling {
  values: Record<string, NonNullable<Value>>;
  faults: Record<string, Fault>;
  doubts: Record<string, Doubt>;
  /** Epoch ms; NaN where it is no time. */
  at: number;
  atFault: "noTime" | "future" | "tooOld" | undefined;
}

function timeFault(at: number, now: number): Filling["atFault"] {
  if (Number.isNaN(at)) return "noTime";
  if (at > now + SLACK_MS) return "future";
  return at < now - OLDEST_MS ? "tooOld" : undefined;
}

/** What `last` and `known` say of a sensor, by path. */
export interface Past {
  last: (sensor: string) => Value | undefined;
  known: (sensor: string) => readonly string[];
}

export function filling(sensors: readonly Sensor[], draft: Draft, past: Past, now: number): Filling {
  const at = Math.round(momentMs(draft.at, now));
  const found: Filling = { values: {}, faults: {}, doubts: {}, at, atFault: timeFault(at, now) };
  for (const sensor of sensors) {
    const said = read(sensor, draft.texts[sensor.key]);
    if (!said) continue;
    if ("fault" in said) { found.faults[sensor.key] = said.fault; continue; }
    found.values[sensor.key] = said.value;
    const doubt = doubtOf(sensor, said.value, past.last(sensor.path), past.known(sensor.path));
    if (doubt) found.doubts[sensor.key] = doubt;
  }
  return found;
}

/** Keys of strange values that nobody has looked at twice. */
export const unsure = ({ doubts }: Filling, { sure }: Draft): string[] => Object.keys(doubts).filter((key) => !sure.includes(key));

/** Whether it can be sent as it is. */
export const isReady = (found: Filling, draft: Draft): boolean =>
  Object.keys(found.values).length > 0 && Object.keys(found.faults).length === 0 && found.atFault === undefined && unsure(found, draft).length === 0;
