/** Plans in words, and where shifts lie on a strip. Pure. */

import type { Calendar, Layer, Policy, Shift, Silence, Weekday } from "@/shared/api/types";
import { momentMs } from "@/shared/format/moment";
import { durationMs, fullTimeText, spanText, timeText } from "@/shared/format/time";
import { instantOf, wallOf } from "@/shared/format/zone";
import { timeZone } from "@/shared/preferences/preferences";
import { levelText } from "@/shared/ui/Mark";
import { silenceTexts } from "./silenceTexts";
import { texts } from "./texts";

export const WEEKDAYS: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** `Mon to Fri`, `Sat, Sun`, `every day`. */
export function daysText(days: readonly Weekday[]): string {
  const at = WEEKDAYS.flatMap((day, i) => (days.includes(day) ? [i] : []));
  const name = (i: number): string => texts().calendars.days[WEEKDAYS[i] ?? "mon"];
  const [first = 0, last = 0] = [at[0], at.at(-1)];
  if (at.length === WEEKDAYS.length) return texts().calendars.everyDay;
  if (at.length > 2 && last - first === at.length - 1) return texts().calendars.span(name(first), name(last));
  return at.map(name).join(", ");
}

export const calendarText = ({ hours }: Pick<Calendar, "hours">): string => hours.map(({ days, start, end }) => `${daysText(days)} ${texts().calendars.span(start, end)}`).join("; ");

/** `at once: maintenance`, `after 15 min: shift lead, on call`. */
export const stepText = ({ after, to }: Policy["steps"][number]): string =>
  durationMs(after) === 0 ? texts().policies.atOnce(to.join(", ")) : texts().policies.afterSpan(spanText(after), to.join(", "));

/** What else a policy says, a sentence each. */
export function policyText({ repeat, repeats, quiet, group_by, group_wait }: Policy): string[] {
  const t = texts().policies;
  return [
    repeat ? t.repeats(spanText(repeat), repeats) : "",
    quiet ? t.waits(quiet.calendar, levelText(quiet.below).toLowerCase()) : "",
    group_by === "none" ? "" : `${t.together[group_by]}${durationMs(group_wait) > 0 ? t.afterWait(spanText(group_wait)) : ""}.`,
  ].filter(Boolean);
}

export const layerText = ({ members, every, hours }: Layer): string =>
  `${members.join(", ")}${members.length > 1 ? texts().schedules.each(spanText(every)) : ""}${hours ? texts().schedules.during(hours) : ""}`;

/** What a silence covers: `Gearbox hot, below high, in Painting`. */
export function coversText({ rule, below, under }: Silence, nameOf: (path: string) => string): string {
  const t = silenceTexts();
  const where = under ? t.within(nameOf(under)) : t.wholePlant;
  return [rule && t.rule(rule), below && t.severities(levelText(below).toLowerCase()), where].filter(Boolean).join(", ");
}

/** When a silence holds: `from … to …`, `every week from … to …, until …`. */
export function whenText({ from, to, weekly, until }: Silence): string {
  const at = (iso: string): string => fullTimeText(Date.parse(iso));
  // On the day it begins, its end needs no date.
  const end = timeText(Date.parse(to), Date.parse(from));
  const t = silenceTexts();
  const span = t.span(at(from), end);
  return weekly ? `${t.weekly(span)}${until ? t.lastly(at(until)) : ""}` : span;
}

/** What a field for date and time holds, on the clock of whoever typed it, as ISO 8601. */
export const isoOf = (local: string): string => new Date(momentMs(local, Date.now())).toISOString();

export interface Place {
  member: string | null;
  left: number;
  width: number;
  from: number;
  to: number;
}

/** Shifts on a strip from `start` to `end` (epoch ms), in percent. */
export function placesOf(shifts: readonly Shift[], start: number, end: number): Place[] {
  const percent = (ms: number): number => (100 * (Math.min(end, Math.max(start, ms)) - start)) / (end - start);
  return shifts
    .map(({ member, from, to }) => ({ member, from: Date.parse(from), to: Date.parse(to) }))
    .filter(({ from, to }) => to > start && from < end)
    .map((one) => ({ ...one, left: percent(one.from), width: percent(one.to) - percent(one.from) }));
}

const DAY = 86_400_000;

/** Midnights between, on the clock of whoever looks. */
export function midnights(start: number, end: number): number[] {
  const zone = timeZone();
  const found: number[] = [];
  for (let wall = (Math.floor(wallOf(start, zone) / DAY) + 1) * DAY; instantOf(wall, zone) < end; wall += DAY) found.push(instantOf(wall, zone));
  return found;
}
