/** A rule on the past: strips of when it would have been active, and advice as words and as fields. Pure. */

import type { PastAlarm, RuleAdvice, SensorBacktest, Severity } from "@/shared/api/types";
import { countOf } from "@/shared/format/number";
import { lengthText } from "@/shared/format/time";
import { rankOf } from "@/shared/plant/condition";
import type { Fields } from "./fields";

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

/** `14 times, active for 3 h 10 min in all, the longest 40 min`; what flaps is said. */
export function outcomeText({ count, active_seconds, longest_seconds, flaps, fleeting }: SensorBacktest): string {
  if (count === 0) return "It would not have raised an alarm.";
  const nuisance = [flaps > 0 && `${flaps} came back within a minute`, fleeting > 0 && `${fleeting} were over within 10 s`].filter(Boolean).join(", ");
  const all = `${countOf(count, "alarm")}, active for ${lengthText(active_seconds * 1000)} in all, the longest ${lengthText(longest_seconds * 1000)}`;
  return `${all}${nuisance && `; ${nuisance}`}.`;
}

const FIELD = { deadband: ["deadband", "deadband"], on_delay: ["onDelay", "on delay"], off_delay: ["offDelay", "off delay"] } as const;
const NAMES = ["deadband", "on_delay", "off_delay"] as const;

/** What the form would say with the advice taken. */
export const takeAdvice = ({ change }: RuleAdvice): Partial<Fields> =>
  Object.fromEntries(NAMES.filter((name) => change[name] !== undefined).map((name) => [FIELD[name][0], String(change[name])]));

export const changeText = ({ change }: RuleAdvice): string =>
  NAMES.filter((name) => change[name] !== undefined).map((name) => `${FIELD[name][1]} ${change[name]}`).join(", ");

/** `14 alarms become 2; none that lasted over a minute is lost`. */
export const effectText = ({ alarms_before: before, alarms, lost }: RuleAdvice): string =>
  `${countOf(before, "alarm")} become${before === 1 ? "s" : ""} ${alarms}; ${lost === 0 ? "none" : lost} that lasted over a minute ${lost > 1 ? "are" : "is"} lost`;

/** The few best ways: what is recommended first, then what loses nothing and leaves least. */
export const bestAdvice = (advice: readonly RuleAdvice[], most = 4): RuleAdvice[] =>
  [...advice].sort((a, b) => Number(b.recommended) - Number(a.recommended) || a.lost - b.lost || a.alarms - b.alarms).slice(0, most);
