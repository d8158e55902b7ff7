/** What stands at the marks of a time axis: as much of the date as tells them apart, and no more. Pure, given the zone. */

import { isSameDay } from "@/shared/format/time";
import { instantOf, wallOf } from "@/shared/format/zone";
import { locale, perPreferences, timeZone } from "@/shared/preferences/preferences";

const DAY = 86_400_000;

const text = (options: Intl.DateTimeFormatOptions) => {
  const format = perPreferences(() => new Intl.DateTimeFormat(locale(), { ...options, timeZone: timeZone() }));
  return (ts: number): string => format().format(ts);
};
const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const date: Intl.DateTimeFormatOptions = { day: "2-digit", month: "2-digit" };
const year = text({ year: "numeric" });
const month = text({ month: "short", year: "numeric" });
const dayOfYear = text({ ...date, year: "numeric" });
const day = text(date);
const time = text(clock);
const seconds = text({ ...clock, second: "2-digit" });
const dayTime = text({ ...date, ...clock });

/** A text for each of some times in order, epoch ms; `now` tells what needs no date, or no year. */
export function tickTexts(splits: readonly number[], now: number): string[] {
  const [alone = 0, second] = splits;
  const step = second === undefined ? alone % 60_000 || 60_000 : Math.min(...splits.slice(1).map((ts, i) => ts - (splits[i] ?? 0)));
  if (step >= 360 * DAY) return splits.map(year);
  if (step >= 28 * DAY) return splits.map(month);
  if (step >= 0.9 * DAY) return splits.map((ts, i) => (year(ts) === year(splits[i - 1] ?? now) ? day(ts) : dayOfYear(ts)));
  return splits.map((ts, i) => (isSameDay(ts, splits[i - 1] ?? now) ? (step < 60_000 ? seconds : time)(ts) : dayTime(ts)));
}

const CLOCK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200].map((s) => s * 1000);
const DAY_STEPS = [1, 2, 3, 4, 7, 14];
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60];

/** Round times of the local clock or calendar within a stretch, at most `most` of them and nearly always half as many. */
export function marksOf(from: number, to: number, most: number): number[] {
  const fits = (width: number): boolean => (to - from) / width <= most;
  const { next, first } = calendar(from, CLOCK_STEPS.find(fits), DAY_STEPS.find((n) => fits(n * DAY)), MONTH_STEPS.find((n) => fits(n * 31 * DAY)) ?? 120);
  const marks: number[] = [];
  for (let i = 0, at = first; at <= to; i += 1, at = next(i)) if (at >= from && at !== marks.at(-1)) marks.push(at);
  return marks;
}

/** CSS pixels from mark to mark: of times of today, to the second, with a date among them, and of two such side by side. */
const TIME_PX = 40;
const SECONDS_PX = 58;
const DATE_PX = 62;
const DATES_PX = 94;

/** The marks of a time axis that is `px` CSS pixels long: as many as have room for what stands at them. */
export function axisMarks(from: number, to: number, px: number, now: number): number[] {
  const room = roomOf(from, to, ((to - from) / px) * TIME_PX, now);
  return px < room ? [] : marksOf(from, to, px / room);
}

/** `apart`: how many milliseconds the nearest marks could be. */
function roomOf(from: number, to: number, apart: number, now: number): number {
  if (!isSameDay(from, to)) return apart > DAY / 2 ? DATE_PX : DATES_PX;
  if (!isSameDay(to, now)) return DATE_PX;
  return apart > 30_000 ? TIME_PX : SECONDS_PX;
}

const HOUR = 3_600_000;

/** Where marks begin, at the latest at `from`, and the i-th after that; days, months and the hours of a day are as the calendar of the zone has them. */
function calendar(from: number, step: number | undefined, days: number | undefined, months: number): { first: number; next: (i: number) => number } {
  const zone = timeZone();
  const wall = new Date(wallOf(from, zone)); // what the wall clock shows, read as UTC
  const [y, m, d, h] = [wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate(), wall.getUTCHours()];
  const at = (month: number, day: number, hour = 0): number => instantOf(Date.UTC(y, month, day, hour), zone);
  const midnight = at(m, d);
  const next = (i: number): number => {
    if (step && step >= HOUR) return at(m, d, Math.floor(h / (step / HOUR) + i) * (step / HOUR));
    if (step) return midnight + (Math.floor((from - midnight) / step) + i) * step;
    return days ? at(m, d + i * days) : at(Math.floor(m / months) * months + i * months, 1);
  };
  return { first: next(0), next };
}
