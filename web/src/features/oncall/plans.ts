/** Plans in words. Pure. */

import type { Calendar, Layer, Policy, Silence, Weekday } from "@/shared/api/types";
import { momentMs } from "@/shared/format/moment";
import { durationMs, spanText } from "@/shared/format/time";
import { levelText } from "@/shared/ui/Mark";
import { planText } from "./clock";
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
  // On the day it begins, its end needs no date.
  const t = silenceTexts();
  const span = t.span(planText(Date.parse(from)), planText(Date.parse(to), Date.parse(from)));
  return weekly ? `${t.weekly(span)}${until ? t.lastly(planText(Date.parse(until))) : ""}` : span;
}

/** What a field for date and time holds, on the clock of whoever typed it, as ISO 8601. */
export const isoOf = (local: string): string => new Date(momentMs(local, Date.now())).toISOString();

const RANK = { holds: 0, coming: 1, over: 2 } as const;
export type SilenceState = keyof typeof RANK;

export function silenceState({ holds, ended_at, weekly, until, to }: Silence, now: number): SilenceState {
  if (holds) return "holds";
  const last = weekly ? until : to;
  return ended_at !== null || (last !== null && Date.parse(last) <= now) ? "over" : "coming";
}

/** What holds first, then what is to come, soonest first, then what is over. */
export const inOrder = (silences: readonly Silence[], now: number): Silence[] =>
  silences.toSorted((a, b) => RANK[silenceState(a, now)] - RANK[silenceState(b, now)] || Date.parse(a.from) - Date.parse(b.from));
