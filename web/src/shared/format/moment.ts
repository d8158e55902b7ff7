/** Times as people type them: the words of the API, on the clock of the one who types. Pure. */

import { timeZone } from "@/shared/preferences/preferences";
import { catalogue } from "@/shared/texts/catalogue";
import { durationMs, localText } from "./time";
import { instantOf } from "./zone";

/** What may be typed, for people. */
export const momentTexts = catalogue({ all: "a date, or -8h, -2w, -1y, now" }, { all: "ein Datum (2026-11-26 14:00) oder -8h, -2w, -1y, now" });

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|[+-]\d\d:\d\d)?)?$/i;

/** The end of the year 9999 (epoch ms): what lies beyond has no date that could be written. */
export const LATEST_MS = 253_402_300_799_999;
const EARLIEST_MS = -LATEST_MS;

/** Milliseconds in the seventies are meant as seconds of later; the API refuses them too. */
const isSeconds = (number: number): boolean => number >= 315_532_800 && number < 315_532_800_000;

/** Epoch ms of what is no further away than a date can say; NaN of others. */
const within = (ms: number): number => (ms >= EARLIEST_MS && ms <= LATEST_MS ? ms : Number.NaN);

/** Epoch ms of `now`, `-1h` (an hour ago, and so with any duration), epoch ms, or ISO 8601, local without an offset; NaN when it is no time. */
export function momentMs(text: string, now: number): number {
  const clean = text.trim();
  if (clean === "now") return now;
  if (/^\d{1,16}$/.test(clean)) return isSeconds(Number(clean)) ? Number.NaN : within(Number(clean));
  if (clean.startsWith("-")) return within(now - durationMs(clean.slice(1)));
  const [, year, month, day, clock = "00:00", offset = ""] = ISO.exec(clean) ?? [];
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  if (!isDay) return Number.NaN;
  const read = Date.parse(`${year}-${month}-${day}T${clock}${offset.toUpperCase() || "Z"}`);
  return offset || Number.isNaN(read) ? read : instantOf(read, timeZone());
}

/** As one would type it: `2026-11-26 05:35:37`. */
export const typedText = (ms: number): string => localText(ms).replace("T", " ");
