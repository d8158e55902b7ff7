/** The time of day, as large as a clock on a wall. */

import { locale, perPreferences, timeZone } from "@/shared/preferences/preferences";
import { useNow } from "@/shared/live/hooks";
import css from "./TvPage.module.css";

const time = perPreferences(() => new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: timeZone() }));
const day = perPreferences(() => new Intl.DateTimeFormat(locale(), { weekday: "short", day: "numeric", month: "long", timeZone: timeZone() }));

export function Clock() {
  const now = useNow(1000);
  return <p className={css["clock"]}><b>{time().format(now)}</b><small>{day().format(now)}</small></p>;
}
