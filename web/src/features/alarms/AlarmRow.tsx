/** One alarm in the list. */

import { memo } from "react";
import { AckButton } from "@/shared/alarms/AckButton";
import { alarmText, lastsText, stateText } from "@/shared/alarms/words";
import type { Alarm } from "@/shared/api/types";
import { timeText } from "@/shared/format/time";
import { useNow } from "@/shared/live/hooks";
import { asksForAck } from "@/shared/plant/condition";
import { nameOf, trail, type Tree } from "@/shared/plant/tree";
import { levelText, Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Actions } from "@/shared/ui/Table";
import css from "./AlarmsPage.module.css";
import { Marks } from "./Marks";

interface Props {
  alarm: Alarm;
  tree: Tree;
  picked?: boolean;
  /** Absent where nobody may, or need, acknowledge. */
  onPick?: ((id: string, on: boolean) => void) | undefined;
  onAck?: ((alarm: Alarm) => void) | undefined;
  onOpen: (alarm: Alarm) => void;
}

/** Drawn anew only when its own alarm has changed: in a flood the others stand still. */
export const AlarmRow = memo(function AlarmRow({ alarm, tree, picked = false, onPick, onAck, onOpen }: Props) {
  const calling = asksForAck(alarm);
  const text = alarmText(alarm);
  return (
    <tr>
      <td className={css["check"]}>
        {onPick && calling && (
          <label><input type="checkbox" aria-label={`Select ${text}`} checked={picked} onChange={(e) => onPick(alarm.id, e.target.checked)} /></label>
        )}
      </td>
      <td className={css["level"]}>
        <span><Mark level={alarm.severity} calling={calling} size={22} label="" /><span className={css["levelText"]}>{levelText(alarm.severity)}</span></span>
        <span className="visually-hidden">{levelText(alarm.severity)}</span>
      </td>
      <td className={css["what"]}>
        <button type="button" className={css["message"]} aria-haspopup="dialog" onClick={() => onOpen(alarm)}>{text}</button> <Marks alarm={alarm} />
        <div className={css["place"]}>
          <PlantLink path={alarm.sensor}>{placeText(tree, alarm)}</PlantLink>
          {text !== alarm.rule_name && <span>Rule: {alarm.rule_name}</span>}
        </div>
      </td>
      <td className={css["when"]}>
        <time dateTime={alarm.since} title={alarm.since}>{timeText(Date.parse(alarm.since))}</time>
        <Age alarm={alarm} />
      </td>
      <td className={css["state"]}><span className={calling ? css["calling"] : ""}>{stateText(alarm)}</span></td>
      <Actions>{onAck && calling && <AckButton alarm={alarm} onAck={() => onAck(alarm)} />}</Actions>
    </tr>
  );
});

const Age = ({ alarm }: { alarm: Alarm }) => <small>{lastsText(alarm, useNow(1000))}</small>;

/** `Berlin › Painting › Line 1 › Robot 3 › Gearbox temperature`. */
const placeText = (tree: Tree, alarm: Alarm): string =>
  [...trail(tree, alarm.asset).map((n) => n.name || n.slug), nameOf(tree, alarm.sensor)].join(" › ");
