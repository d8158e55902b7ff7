/** One alarm in the list. */

import { AckButton } from "@/shared/alarms/AckButton";
import { alarmText, lastsText, STATE_TEXT } from "@/shared/alarms/words";
import type { Alarm } from "@/shared/api/types";
import { timeText } from "@/shared/format/time";
import { asksForAck } from "@/shared/plant/condition";
import { nameOf, trail, type Tree } from "@/shared/plant/tree";
import { LEVEL_TEXT, Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Actions } from "@/shared/ui/Table";
import css from "./AlarmsPage.module.css";

interface Props {
  alarm: Alarm;
  tree: Tree;
  now: number;
  /** Absent where nobody may, or need, acknowledge. */
  pick?: { picked: boolean; onPick: (on: boolean) => void; onAck: () => void } | undefined;
  onOpen: () => void;
}

export function AlarmRow({ alarm, tree, now, pick, onOpen }: Props) {
  const calling = asksForAck(alarm);
  return (
    <tr>
      <td className={css["check"]}>
        {pick && calling && (
          <label><input type="checkbox" aria-label={`Select ${alarmText(alarm)}`} checked={pick.picked} onChange={(e) => pick.onPick(e.target.checked)} /></label>
        )}
      </td>
      <td className={css["level"]}>
        <span><Mark level={alarm.severity} calling={calling} size={22} label="" /><span className={css["levelText"]}>{LEVEL_TEXT[alarm.severity]}</span></span>
        <span className="visually-hidden">{LEVEL_TEXT[alarm.severity]}</span>
      </td>
      <td>
        <button type="button" className={css["message"]} onClick={onOpen}>{alarmText(alarm)}</button>
        <div className={css["place"]}><PlantLink path={alarm.sensor}>{placeText(tree, alarm)}</PlantLink></div>
      </td>
      <td className={css["when"]}>
        <time dateTime={alarm.since} title={alarm.since}>{timeText(Date.parse(alarm.since))}</time>
        <small>{lastsText(alarm, now)}</small>
      </td>
      <td className={css["state"]}>
        <span className={calling ? css["calling"] : ""}>{STATE_TEXT[alarm.state]}</span>
        {alarm.acknowledged_by && <small>{alarm.acknowledged_by}{alarm.comment && `: “${alarm.comment}”`}</small>}
      </td>
      <Actions>{pick && calling && <AckButton alarm={alarm} onAck={pick.onAck} />}</Actions>
    </tr>
  );
}

/** `Berlin › Painting › Line 1 › Robot 3 › Gearbox temperature`. */
const placeText = (tree: Tree, alarm: Alarm): string =>
  [...trail(tree, alarm.asset).map((n) => n.name || n.slug), nameOf(tree, alarm.sensor)].join(" › ");
