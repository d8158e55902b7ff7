/** An area or line as a card: its state, its numbers, a mark per machine, the values that matter most. */

import { alarmText } from "@/shared/alarms/words";
import { worstFirst, type Condition } from "@/shared/plant/condition";
import { figuresOfLine } from "@/shared/plant/figures";
import { FigureRow } from "@/shared/plant/FigureRow";
import { Freshness } from "@/shared/plant/Freshness";
import type { MachineType } from "@/shared/plant/queries";
import { texts as plantTexts } from "@/shared/plant/texts";
import { machinesOf, type Node } from "@/shared/plant/tree";
import { levelText, Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import { useSeen } from "@/shared/ui/useSeen";
import css from "./Card.module.css";

interface Props {
  node: Node;
  conditions: ReadonlyMap<string, Condition>;
  types: ReadonlyMap<string, MachineType>;
}

const MOST_MARKS = 40;

export function GroupCard({ node, conditions, types }: Props) {
  const own = conditions.get(node.path);
  const level = own?.level ?? "empty";
  const [ref, isSeen] = useSeen<HTMLDivElement>();
  return (
    <div className={css["card"]} ref={ref}>
      <PlantLink path={node.path} className={css["link"]}>
        <span className={css["head"]}>
          <Mark level={level} calling={Boolean(own?.unacknowledged)} size={24} />
          <span className={css["name"]}>{node.name}<small>{own?.worstAlarm ? alarmText(own.worstAlarm) : levelText(level)}</small></span>
        </span>
        {own && <Numbers condition={own} />}
        <span className={css["marks"]} aria-hidden="true">
          {worstFirst(machinesOf(node), conditions).slice(0, MOST_MARKS).map((m) => (
            <Mark key={m.path} level={conditions.get(m.path)?.level ?? "empty"} size={15} label="" />
          ))}
        </span>
      </PlantLink>
      <div className={css["values"]}>
        {isSeen && figuresOfLine(node, conditions, types).map(({ machine, sensor }) => <FigureRow key={sensor.path} sensor={sensor} of={machine.name} />)}
      </div>
      {isSeen && <p className={css["foot"]}><Freshness node={node} /></p>}
    </div>
  );
}

function Numbers({ condition: { running, machines, alarms, unacknowledged, stale } }: { condition: Condition }) {
  const say = plantTexts();
  return (
    <span className={css["numbers"]}>
      <span>{say.running(running, machines)}</span>
      {alarms > 0 && <span>{say.alarms(alarms)}{unacknowledged > 0 && <>, <b>{say.fresh(unacknowledged)}</b></>}</span>}
      {stale > 0 && <b>{say.silent(stale)}</b>}
    </span>
  );
}
