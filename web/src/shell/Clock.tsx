/** The time in the zone of the one who looks, by the server's clock. */

import { useNow } from "@/shared/live/hooks";
import { locale, perPreferences, timeZone } from "@/shared/preferences/preferences";
import css from "./Clock.module.css";
import { texts } from "./texts";

const clock = perPreferences(() => new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: timeZone() }));
const date = perPreferences(() => new Intl.DateTimeFormat(locale(), { weekday: "short", day: "2-digit", month: "2-digit", timeZone: timeZone() }));

export function Clock() {
  const now = useNow(1000);
  return (
    <time className={css["clock"]} dateTime={new Date(now).toISOString().slice(0, 16)} title={texts().clock(timeZone())}>
      <b>{clock().format(now)}</b><small>{date().format(now)}</small>
    </time>
  );
}
