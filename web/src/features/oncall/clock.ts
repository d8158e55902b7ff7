/** Times of plans: with the day of the week, and without seconds. */

import { isSameDay } from "@/shared/format/time";
import { locale, perPreferences, timeZone } from "@/shared/preferences/preferences";

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const inZone = (options: Intl.DateTimeFormatOptions) => perPreferences(() => new Intl.DateTimeFormat(locale(), { ...options, timeZone: timeZone() }));
const clock = inZone(CLOCK);
const dated = inZone({ ...CLOCK, weekday: "short", day: "numeric", month: "short" });
const yeared = inZone({ ...CLOCK, weekday: "short", day: "numeric", month: "short", year: "numeric" });
const weekday = inZone({ weekday: "short" });
const dayOfMonth = inZone({ day: "numeric" });

const HALF_A_YEAR = 183 * 86_400_000;

/** `22:00` on the day of `now`; `Fri 27 Nov, 08:00` on others, with the year where it is far. */
export function planText(ms: number, now = Date.now()): string {
  if (isSameDay(ms, now)) return clock().format(ms);
  return (Math.abs(ms - Date.now()) > HALF_A_YEAR ? yeared() : dated()).format(ms);
}

/** `Fri 27`. */
export const dayText = (ms: number): string => `${weekday().format(ms)} ${dayOfMonth().format(ms)}`;
