/** A few alarms in short, as links to the sensor that raised them. */

import { Link } from "@tanstack/react-router";
import type { Alarm } from "@/shared/api/types";
import { valueText } from "@/shared/format/number";
import { lengthText } from "@/shared/format/time";
import { unitText } from "@/shared/format/units";
import { useNow } from "@/shared/live/hooks";
import { asksForAck } from "@/shared/plant/condition";
import { findSensor, nameOf, type Tree } from "@/shared/plant/tree";
import css from "./AlarmStrip.module.css";
import { Mark } from "./Mark";
import { PlantLink } from "./PlantLink";

interface Props {
  alarms: readonly Alarm[];
  tree: Tree;
  /** Where "all of them" leads. */
  under: string;
  more?: number;
}

export function AlarmStrip({ alarms, tree, under, more = 0 }: Props) {
  const now = useNow(1000);
  return (
    <ul className={css["strip"]}>
      {alarms.map((alarm) => (
        <li key={alarm.id}>
          <PlantLink path={alarm.sensor} className={css["alarm"]}>
            <Mark level={alarm.severity} calling={asksForAck(alarm)} size={20} />
            <span className={css["what"]}>
              <b>{alarm.message || alarm.rule_name}</b>
              <small>{nameOf(tree, alarm.asset)} · {nameOf(tree, alarm.sensor)} · {alarm.state}</small>
            </span>
            <span className={css["value"]}>{valueText(alarm.value, findSensor(tree, alarm.sensor)?.decimals)} {unitText(alarm.unit)}</span>
            <time className={css["age"]} dateTime={alarm.since}>{lengthText(now - Date.parse(alarm.since))}</time>
          </PlantLink>
        </li>
      ))}
      <li className={css["all"]}>
        <Link to="/alarms" search={{ under }}>{more > 0 ? `${more} more in the alarm list` : "Acknowledge in the alarm list"}</Link>
      </li>
    </ul>
  );
}
