/** Values, limits and doubts of the form in words. */

import type { Sensor, Value } from "@/shared/api/types";
import { digitsAt } from "@/shared/format/digits";
import { valueText } from "@/shared/format/number";
import { unitText } from "@/shared/format/units";
import { locale, perPreferences } from "@/shared/preferences/preferences";
import { listText } from "@/shared/texts/catalogue";
import type { Waiting } from "./outbox";
import type { Doubt } from "./plausible";
import { texts } from "./texts";

type Named = Pick<Sensor, "unit" | "decimals" | "limits">;

export const shown = (value: Value | undefined, sensor: Named): string =>
  typeof value === "number" ? `${valueText(value, digitsAt(sensor, value))} ${unitText(sensor.unit)}`.trim() : valueText(value);

/** Limits are round numbers: as they were set. */
const plain = perPreferences(() => new Intl.NumberFormat(locale(), { maximumFractionDigits: 6 }));

/** What is normal; '' where nothing is said. */
export function limitsText({ limits: { l, ll, h, hh }, unit }: Named): string {
  const [low, high] = [l ?? ll, h ?? hh].map((limit) => (typeof limit === "number" ? plain().format(limit) : ""));
  const { limits, atMost, atLeast } = texts();
  const withUnit = (text: string): string => `${text} ${unitText(unit)}`.trim();
  if (low && high) return limits(low, withUnit(high));
  return high ? atMost(withUnit(high)) : low ? atLeast(withUnit(low)) : "";
}

const MOST_WORDS = 8;

export function doubtText(doubt: Doubt, sensor: Named): string {
  const t = texts();
  if (doubt.kind === "beyond") return t.doubts[doubt.limit](`${plain().format(doubt.at)} ${unitText(sensor.unit)}`.trim());
  if (doubt.kind === "jump") return t.jump(shown(doubt.last, sensor));
  return t.newWord(listText(doubt.known.slice(0, MOST_WORDS)));
}

/** `oil_level 82.5, clean On`: without the sensors, which may be unknown by now. */
export const valuesText = ({ values }: Pick<Waiting, "values">): string =>
  Object.entries(values).map(([key, value]) => `${key} ${typeof value === "number" ? String(value) : valueText(value)}`).join(", ");
