/** The alarms that would have been, the newest first. */

import { sentence } from "@/shared/alarms/sentence";
import type { SensorBacktest } from "@/shared/api/types";
import { fullTimeText, lengthText } from "@/shared/format/time";
import { Mark } from "@/shared/ui/Mark";
import css from "./Past.module.css";
import { texts } from "./texts";

const LISTED = 50;

export function AlarmList({ sensor: { alarms, count } }: { sensor: SensorBacktest }) {
  const say = texts();
  const shown = [...alarms].sort((a, b) => Date.parse(b.since) - Date.parse(a.since)).slice(0, LISTED);
  return (
    <details className={css["list"]}>
      <summary>{say.list(shown.length, shown.length === count)}</summary>
      <ul className={css["alarms"]}>
        {shown.map((one) => (
          <li key={one.since}>
            <Mark level={one.severity} size={16} />
            <span>{fullTimeText(Date.parse(one.since))}, {one.until ? lengthText(one.seconds * 1000) : say.goesOn}<small>{sentence(one.message, one.until === null)}</small></span>
          </li>
        ))}
      </ul>
    </details>
  );
}
