/** What stands at the marks of a time axis: as much of the date as tells them apart, and no more. Pure. */

import { isSameDay } from "@/shared/format/time";

const DAY = 86_400_000;

const text = (options: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat(undefined, options);
  return (ts: number): string => format.format(ts);
};
const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hour12: false };
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
  const step = splits.length < 2 ? 0 : Math.min(...splits.slice(1).map((ts, i) => ts - (splits[i] ?? 0)));
  if (step >= 360 * DAY) return splits.map(year);
  if (step >= 28 * DAY) return splits.map(month);
  if (step >= 0.9 * DAY) return splits.map((ts, i) => (year(ts) === year(splits[i - 1] ?? now) ? day(ts) : dayOfYear(ts)));
  return splits.map((ts, i) => (isSameDay(ts, splits[i - 1] ?? now) ? (step < 60_000 ? seconds : time)(ts) : dayTime(ts)));
}
