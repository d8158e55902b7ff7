/** Alarms by the day, as the rule is written beside as it is in force. */

import type { SensorBacktest } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { timeZone } from "@/shared/format/time";
import { locale } from "@/shared/preferences/preferences";
import { isHourly, slotsOf } from "./daily";
import css from "./Past.module.css";
import { texts } from "./texts";
import type { Stretch } from "./usePast";

interface Props {
  stretch: Stretch;
  found: SensorBacktest;
  was: SensorBacktest | undefined;
}

/** So many names of days have room beside one another. */
const MOST_NAMES = 8;

export function PerDay({ stretch: { from, to }, found, was }: Props) {
  const say = texts();
  const hourly = isHourly(from, to);
  const slots = slotsOf(found.alarms, from, to, timeZone());
  const before = was && slotsOf(was.alarms, from, to, timeZone());
  const most = Math.max(1, ...slots.map(({ count }) => count), ...(before ?? []).map(({ count }) => count));
  const format = new Intl.DateTimeFormat(locale(), { timeZone: timeZone(), ...(hourly ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : { day: "2-digit", month: "2-digit" }) });
  const step = Math.ceil(slots.length / MOST_NAMES);
  const told = slots.map(({ start, count }, i) => say.perText(format.format(start), countText(count), before ? countText(before[i]?.count ?? 0) : ""));
  const cut = [found, was].some((one) => one && one.alarms.length < one.count);
  if (found.count === 0 && !was?.count) return null;
  return (
    <figure className={css["days"]}>
      <figcaption>
        <h3>{hourly ? say.perHour : say.perDay}</h3>
        {before && <span><i data-now />{say.now}</span>}
        {before && <span><i />{say.written}</span>}
      </figcaption>
      <div className={css["bars"]} role="img" aria-label={told.join("; ")}>
        {slots.map(({ start, count }, i) => (
          <div key={start} className={css["slot"]} title={told[i]}>
            <small>{slots.length <= MOST_NAMES ? countText(count) : ""}</small>
            <div>
              {before && <i data-now style={{ height: `${(100 * (before[i]?.count ?? 0)) / most}%` }} />}
              <i style={{ height: `${(100 * count) / most}%` }} />
            </div>
            <small>{i % step === 0 ? format.format(start) : ""}</small>
          </div>
        ))}
      </div>
      {cut && <p className={css["soft"]}>{say.newest(Math.min(...[found, was].flatMap((one) => (one ? [one.alarms.length] : []))))}</p>}
    </figure>
  );
}
