/** Times and durations as people read them, in the time zone of the one who looks. */

import { locale, perPreferences, timeZone } from "@/shared/preferences/preferences";
import { wallOf } from "./zone";

const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const day: Intl.DateTimeFormatOptions = { year: "numeric", month: "2-digit", day: "2-digit" };
const inZone = (options: Intl.DateTimeFormatOptions) => perPreferences(() => new Intl.DateTimeFormat(locale(), { ...options, timeZone: timeZone() }));
const clock = inZone(time);
const dayClock = inZone({ ...day, ...time });

const SECOND = 1000;
const MINUTE = 60_000;
const DAY = 86_400_000;

/** Age or length in its two largest units: `8 s`, `3 min 05 s`, `2 h 10 min`, `4 d 3 h`. */
export function lengthText(ms: number): string {
  const s = Math.max(0, Math.round(ms / SECOND));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, "0")} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, "0")} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

/** A round length in its own unit: `500 ms`, `10 s`, `2 min`, `6 h`. */
export function widthText(ms: number): string {
  const [unit, size] = ([["d", 86_400_000], ["h", 3_600_000], ["min", 60_000], ["s", SECOND]] as const).find(([, s]) => ms >= s && ms % s === 0) ?? ["ms", 1];
  return `${ms / size} ${unit}`;
}

const seconds = perPreferences(() => new Intl.NumberFormat(locale(), { maximumFractionDigits: 3 }));

/** A length that somebody wrote: `500 ms`, `1.5 s`, `30 min`, `1 min 30 s`, `7 d`; as it is where it is none. */
export function spanText(text: string): string {
  const ms = durationMs(text);
  if (Number.isNaN(ms)) return text;
  if (ms > 0 && ms < SECOND) return `${ms} ms`;
  if (ms < MINUTE && ms % SECOND > 0) return `${seconds().format(ms / SECOND)} s`;
  return lengthText(ms).replace(/ (00 s|00 min|0 h)$/, "");
}

const dayOf = (ms: number): number => Math.floor(wallOf(ms, timeZone()) / DAY);

/** Whether both lie in one day of the zone of the one who looks. */
export const isSameDay = (a: number, b: number): boolean => dayOf(a) === dayOf(b);

/** `14:03:22` for today, with the date for other days. */
export function timeText(ms: number, now = Date.now()): string {
  return isSameDay(ms, now) ? clock().format(ms) : dayClock().format(ms);
}

/** An end of a stretch: without a date only where all of it lies in today. */
export const momentText = (ms: number, from: number, to: number, now = Date.now()): string =>
  [from, to].every((end) => isSameDay(end, now)) ? clock().format(ms) : dayClock().format(ms);

export const fullTimeText = (ms: number): string => dayClock().format(new Date(ms));

export { timeZone };

/** Epoch ms as <input type="datetime-local"> wants it, on the clock of a zone. */
export const localText = (ms: number, zone = timeZone()): string => new Date(wallOf(ms, zone)).toISOString().slice(0, 19);

const UNITS: Record<string, number> = { ms: 1, s: SECOND, m: 60 * SECOND, h: 3600 * SECOND, d: 86400 * SECOND, w: 7 * 86400 * SECOND, y: 365 * 86400 * SECOND };

const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w|y)/g;

/** Milliseconds of `500ms`, `5s`, `10m`, `8h`, `7d`, `2w`, `1y` (365 days), `1h30m`; NaN when it is no duration. */
export function durationMs(text: string): number {
  const clean = text.trim();
  if (!clean || clean.replace(PART, "")) return Number.NaN;
  return [...clean.matchAll(PART)].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ""] ?? Number.NaN), 0);
}
