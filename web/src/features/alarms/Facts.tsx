/** What is known of an alarm, with the way to its rule, its machine and its sensor at that time. */

import { Link } from "@tanstack/react-router";
import { groupText, lastsText, stateText } from "@/shared/alarms/words";
import { StateMark } from "@/shared/alarms/StateMark";
import type { Alarm } from "@/shared/api/types";
import { serverNow } from "@/shared/clock";
import { fullTimeText } from "@/shared/format/time";
import { useNow } from "@/shared/live/hooks";
import { asksForAck } from "@/shared/plant/condition";
import { usePlant } from "@/shared/plant/queries";
import { nameOf } from "@/shared/plant/tree";
import { levelText, Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import css from "./AlarmDialog.module.css";
import { Marks } from "./Marks";
import { around } from "./around";
import { texts } from "./texts";

export function Facts({ alarm }: { alarm: Alarm }) {
  const now = useNow(1000);
  const tree = usePlant().data;
  const { facts, firstOut, atThatTime } = texts();
  return (
    <dl className={css["facts"]}>
      <dt>{facts.severity}</dt>
      <dd className={css["level"]}><Mark level={alarm.severity} calling={asksForAck(alarm)} size={18} label="" />{levelText(alarm.severity)} <Marks alarm={alarm} /></dd>
      <dt>{facts.state}</dt>
      <dd className={css["level"]}><StateMark state={alarm.state} calling={asksForAck(alarm)} /><span>{stateText(alarm, now)}{alarm.parent_asset && <> (<PlantLink path={alarm.parent_asset}>{alarm.parent_asset}</PlantLink>)</>}</span></dd>
      <dt>{facts.since}</dt><dd>{fullTimeText(Date.parse(alarm.since))}, {lastsText(alarm, now)}</dd>
      <dt>{facts.machine}</dt><dd><PlantLink path={alarm.asset}>{alarm.asset_name}</PlantLink></dd>
      <dt>{facts.sensor}</dt>
      <dd>
        <PlantLink path={alarm.sensor}>{nameOf(tree, alarm.sensor)}</PlantLink>
        {" · "}<Link to="/plant/$" params={{ _splat: alarm.sensor }} search={around(alarm, serverNow()).fixed}>{atThatTime}</Link>
      </dd>
      <dt>{facts.rule}</dt><dd><Link to="/rules" search={{ edit: alarm.rule } as never}>{alarm.rule_name}</Link></dd>
      {alarm.group && <><dt>{facts.group}</dt><dd>{groupText(alarm.group)}{alarm.first_out && firstOut}</dd></>}
    </dl>
  );
}
