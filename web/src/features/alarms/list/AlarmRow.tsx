/** One alarm in the list: a row, on a phone a card; all are of one height. */

import { memo } from "react";
import { AckButton } from "@/shared/alarms/AckButton";
import { StateMark } from "@/shared/alarms/StateMark";
import { alarmText, lastsText, stateText } from "@/shared/alarms/words";
import type { Alarm } from "@/shared/api/types";
import { timeText } from "@/shared/format/time";
import { useNow } from "@/shared/live/hooks";
import { asksForAck } from "@/shared/plant/condition";
import { nameOf, trail, type Tree } from "@/shared/plant/tree";
import { levelText, Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Marks } from "../Marks";
import { texts } from "../texts";
import css from "./AlarmTable.module.css";

interface Props {
  alarm: Alarm;
  tree: Tree;
  /** Its place among all rows, from 1. */
  index: number;
  /** It is where the keys are. */
  here: boolean;
  picked: boolean;
  /** It has left the list, and stands here only until hands are off. */
  gone: boolean;
  /** Absent where nothing can be done with many. */
  onPick?: ((id: string, on: boolean, range: boolean) => void) | undefined;
  onAck?: ((alarm: Alarm) => void) | undefined;
  onOpen: (alarm: Alarm) => void;
}

/** Drawn anew only when its own alarm has changed: in a flood the others stand still. */
export const AlarmRow = memo(function AlarmRow({ alarm, tree, index, here, picked, gone, onPick, onAck, onOpen }: Props) {
  const calling = !gone && asksForAck(alarm);
  const text = alarmText(alarm);
  // The whole row is the target; what has a deed of its own keeps it.
  const open = (event: React.MouseEvent): void => {
    if (!(event.target as Element).closest("a, button, label")) onOpen(alarm);
  };
  return (
    <tr data-id={alarm.id} data-gone={gone || undefined} aria-rowindex={index + 1} aria-selected={onPick ? picked : undefined} tabIndex={here ? 0 : -1} onClick={open}>
      <td className={css["check"]}>{onPick && !gone && <Check text={text} picked={picked} onPick={(on, range) => onPick(alarm.id, on, range)} />}</td>
      <td className={css["level"]}>
        <Mark level={alarm.severity} calling={calling} size={22} label="" /><span className={css["levelText"]}>{levelText(alarm.severity)}</span>
      </td>
      <td className={css["what"]}>
        <div className={css["line"]}>
          <button type="button" className={css["message"]} aria-haspopup="dialog" title={text} onClick={() => onOpen(alarm)}>{text}</button> <Marks alarm={alarm} />
        </div>
        <div className={css["place"]}>
          <Place alarm={alarm} tree={tree} />
          {text !== alarm.rule_name && <span className={css["rule"]}>{texts().ruleIs(alarm.rule_name)}</span>}
        </div>
      </td>
      <td className={css["when"]}>
        <time dateTime={alarm.since}>{timeText(Date.parse(alarm.since))}</time>
        <Age alarm={alarm} />
      </td>
      <td className={css["state"]}>
        <div title={stateText(alarm)}><StateMark state={alarm.state} calling={calling} /><span className={calling ? css["calling"] : ""}>{gone ? texts().left : stateText(alarm)}</span></div>
      </td>
      <td className={css["acts"]}>{onAck && calling && <AckButton alarm={alarm} onAck={() => onAck(alarm)} />}</td>
    </tr>
  );
});

interface CheckProps {
  text: string;
  picked: boolean;
  onPick: (on: boolean, range: boolean) => void;
}

const Check = ({ text, picked, onPick }: CheckProps) => (
  <label>
    <input type="checkbox" aria-label={texts().pickThis(text)} checked={picked} onChange={(e) => onPick(e.target.checked, (e.nativeEvent as MouseEvent).shiftKey)} />
  </label>
);

const Age = ({ alarm }: { alarm: Alarm }) => <small>{lastsText(alarm, useNow(1000))}</small>;

/** `Berlin › Painting › Line 1 › Robot 3 › Gearbox temperature`; on a phone the machine and the sensor alone. */
function Place({ alarm, tree }: Pick<Props, "alarm" | "tree">) {
  const way = trail(tree, alarm.asset).map((n) => n.name || n.slug);
  const machine = way.pop() ?? alarm.asset_name;
  return <PlantLink path={alarm.sensor}><span className={css["way"]}>{way.map((name) => `${name} › `).join("")}</span>{machine} › {nameOf(tree, alarm.sensor)}</PlantLink>;
}
