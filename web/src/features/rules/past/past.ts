/** A rule on the past: strips of when it would have been active, and advice as words and as fields. Pure. */

import type { PastAlarm, RuleAdvice, SensorBacktest, Severity } from "@/shared/api/types";
import { valueText } from "@/shared/format/number";
import { lengthText, spanText } from "@/shared/format/time";
import { rankOf } from "@/shared/plant/condition";
import type { Fields } from "../fields";
import { texts } from "./texts";

export interface Stretch {
  severity: Severity;
  left: number;
  width: number;
  /** How many alarms are drawn as one. */
  count: number;
}

/** So finely a strip is drawn: closer alarms are one stretch, of the most severe of them. */
const FINE = 0.2;

/** Where alarms lie on a strip from `start` to `end` (epoch ms), in percent. */
export function stretchesOf(alarms: readonly PastAlarm[], start: number, end: number): Stretch[] {
  const percent = (ms: number): number => (100 * (Math.min(end, Math.max(start, ms)) - start)) / (end - start);
  const found: Stretch[] = [];
  for (const { since, until, severity } of [...alarms].sort((a, b) => Date.parse(a.since) - Date.parse(b.since))) {
    const left = percent(Date.parse(since));
    const right = Math.max(left + FINE, percent(until ? Date.parse(until) : end));
    const last = found.at(-1);
    if (last && left <= last.left + last.width + FINE / 2) {
      last.width = Math.max(last.width, right - last.left);
      last.count += 1;
      if (rankOf(severity) < rankOf(last.severity)) last.severity = severity;
    } else found.push({ severity, left, width: right - left, count: 1 });
  }
  return found;
}

/** `14 alarms, active for 3 h 10 min in all, the longest 40 min 00 s`; what flaps is said. */
export function outcomeText({ count, active_seconds, longest_seconds, flaps, fleeting }: SensorBacktest): string {
  const say = texts();
  if (count === 0) return say.none;
  const nuisance = [flaps > 0 && say.flaps(flaps), fleeting > 0 && say.fleeting(fleeting)].filter(Boolean).join(", ");
  return `${say.lasted(say.alarms(count), lengthText(active_seconds * 1000), lengthText(longest_seconds * 1000))}${nuisance && `; ${nuisance}`}.`;
}

const FIELD = { deadband: "deadband", on_delay: "onDelay", off_delay: "offDelay" } as const;
export const NAMES = ["deadband", "on_delay", "off_delay"] as const;

/** What the form would say with the advice taken. */
export const takeAdvice = ({ change }: RuleAdvice): Partial<Fields> =>
  Object.fromEntries(NAMES.filter((name) => change[name] !== undefined).map((name) => [FIELD[name], String(change[name])]));

/** `off delay 1 min`, `deadband 1.6` */
export const changeText = ({ change }: RuleAdvice): string =>
  NAMES.flatMap((name) => (change[name] === undefined ? [] : [`${texts().fields[name]} ${writtenText(change[name])}`])).join(", ");

const writtenText = (value: string | number): string => (typeof value === "number" ? valueText(value, Math.min(6, String(value).split(".")[1]?.length ?? 0)) : spanText(value));

/** `14 alarms become 2; none that lasted over a minute is lost`. */
export const effectText = ({ alarms_before: before, alarms, lost }: RuleAdvice): string => texts().effect(before, alarms, lost);

/** The few best ways: what is recommended first, then what loses nothing and leaves least. */
export const bestAdvice = (advice: readonly RuleAdvice[], most = 4): RuleAdvice[] =>
  [...advice].sort((a, b) => Number(b.recommended) - Number(a.recommended) || a.lost - b.lost || a.alarms - b.alarms).slice(0, most);
