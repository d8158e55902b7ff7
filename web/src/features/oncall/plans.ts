/** Plans in words, and where shifts lie on a strip. Pure. */

import type { Calendar, Layer, Policy, Shift, Silence, Weekday } from "@/shared/api/types";
import { durationMs, fullTimeText, spanText, timeText } from "@/shared/format/time";

export const WEEKDAYS: readonly (readonly [Weekday, string])[] = [["mon", "Mon"], ["tue", "Tue"], ["wed", "Wed"], ["thu", "Thu"], ["fri", "Fri"], ["sat", "Sat"], ["sun", "Sun"]];

/** `Mon to Fri`, `Sat, Sun`, `every day`. */
export function daysText(days: readonly Weekday[]): string {
  const at = WEEKDAYS.flatMap(([day], i) => (days.includes(day) ? [i] : []));
  const name = (i: number): string => WEEKDAYS[i]?.[1] ?? "";
  const [first = 0, last = 0] = [at[0], at.at(-1)];
  if (at.length === WEEKDAYS.length) return "every day";
  if (at.length > 2 && last - first === at.length - 1) return `${name(first)} to ${name(last)}`;
  return at.map(name).join(", ");
}

export const calendarText = ({ hours }: Pick<Calendar, "hours">): string => hours.map(({ days, start, end }) => `${daysText(days)} ${start} to ${end}`).join("; ");

/** `at once: maintenance`, `after 15 min: shift lead, on call`. */
export const stepText = ({ after, to }: Policy["steps"][number]): string =>
  `${durationMs(after) === 0 ? "at once" : `after ${spanText(after)}`}: ${to.join(", ")}`;

const PER: Record<Policy["group_by"], string> = { none: "", rule: "of one rule", machine: "of one machine", line: "of one line" };

/** What else a policy says, a sentence each. */
export function policyText({ repeat, repeats, quiet, group_by, group_wait }: Policy): string[] {
  return [
    repeat ? `Again every ${spanText(repeat)}, ${repeats} times at most.` : "",
    quiet ? `During ${quiet.calendar}, what is below ${quiet.below} waits.` : "",
    group_by === "none" ? "" : `Alarms ${PER[group_by]} are told together${durationMs(group_wait) > 0 ? `, after ${spanText(group_wait)}` : ""}.`,
  ].filter(Boolean);
}

export const layerText = ({ members, every, hours }: Layer): string =>
  `${members.join(", ")}${members.length > 1 ? `, ${spanText(every)} each` : ""}${hours ? `, during ${hours}` : ""}`;

/** What a silence covers: `Gearbox hot, below high, in Painting`. */
export function coversText({ rule, below, under }: Silence, nameOf: (path: string) => string): string {
  const where = under ? `in ${nameOf(under)}` : "the whole plant";
  return [rule && `rule ${rule}`, below && `severities below ${below}`, where].filter(Boolean).join(", ");
}

/** When a silence holds: `from … to …`, `every week from … to …, until …`. */
export function whenText({ from, to, weekly, until }: Silence): string {
  const at = (iso: string): string => fullTimeText(Date.parse(iso));
  // On the day it begins, its end needs no date.
  const end = timeText(Date.parse(to), Date.parse(from));
  return `${weekly ? "every week, first " : ""}${at(from)} to ${end}${weekly && until ? `, until ${at(until)}` : ""}`;
}

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

/** Midnights between, on the clock of whoever looks. */
export function midnights(start: number, end: number): number[] {
  const day = new Date(start);
  day.setHours(24, 0, 0, 0);
  const found: number[] = [];
  for (; day.getTime() < end; day.setDate(day.getDate() + 1)) found.push(day.getTime());
  return found;
}
