/** The most urgent alarm that nobody has acknowledged, on every page in the same place; nothing while there is none. */

import { Link } from "@tanstack/react-router";
import { alarmText, lastsText } from "@/shared/alarms/words";
import { countText } from "@/shared/format/number";
import { useNow } from "@/shared/live/hooks";
import { usePlant } from "@/shared/plant/queries";
import { nameOf } from "@/shared/plant/tree";
import { Mark } from "@/shared/ui/Mark";
import { texts } from "./texts";
import { useWaiting } from "./useWaiting";
import css from "./WorstAlarm.module.css";

export function WorstAlarm() {
  const { count, worst } = useWaiting();
  const plant = usePlant().data;
  const now = useNow(1000);
  if (!worst) return null;
  const { worstAlarm, moreAlarms } = texts();
  return (
    <section className={css["alarm"]} aria-label={worstAlarm}>
      <Link to="/alarms" search={{ alarm: worst.id }} className={css["worst"]}>
        <Mark level={worst.severity} calling size={22} />
        <span className={css["text"]}><b>{alarmText(worst)}</b><small>{nameOf(plant, worst.asset)}</small></span>
        <time dateTime={worst.since}>{lastsText(worst, now)}</time>
      </Link>
      {count > 1 && <Link to="/alarms" className={css["more"]} title={texts().unacknowledged(count)}><span>{moreAlarms(count - 1)}</span><span aria-hidden>+{countText(count - 1)}</span></Link>}
    </section>
  );
}
