/** One line: its worst alarm in words, and a mark per machine. */

import { alarmText } from "@/shared/alarms/words";
import { worstFirst, type Condition } from "@/shared/plant/condition";
import type { Node } from "@/shared/plant/tree";
import { levelText, Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import css from "./LineTile.module.css";

interface Props {
  line: Node;
  conditions: ReadonlyMap<string, Condition>;
}

function sentence(condition: Condition | undefined): string {
  if (!condition || condition.machines === 0) return "No machines yet";
  const { level, worstAlarm, machines, running, stopped, stale } = condition;
  if (level === "fault") return "Machine in fault";
  if (worstAlarm && level !== "stale") return alarmText(worstAlarm);
  if (level === "stale") return `${stale} of ${machines} without fresh data`;
  if (stopped) return `${running} of ${machines} running`;
  return running ? "Running" : levelText(level);
}

export function LineTile({ line, conditions }: Props) {
  const own = conditions.get(line.path);
  const level = own?.level ?? "empty";
  const machines = line.children.filter((n) => n.kind === "machine");
  return (
    <div className={css["tile"]} data-level={level}>
      <PlantLink path={line.path} className={css["name"]}>
        <span>{line.name}</span>
        <small>{sentence(own)}</small>
      </PlantLink>
      <ul className={css["machines"]} aria-label={`Machines of ${line.name}`}>
        {worstFirst(machines, conditions).map((machine) => {
          const condition = conditions.get(machine.path);
          const state = condition?.level ?? "empty";
          return (
            <li key={machine.path}>
              <PlantLink path={machine.path} className={css["machine"]} title={`${machine.name}: ${levelText(state)}`}>
                <Mark level={state} calling={Boolean(condition?.unacknowledged)} size={20} label={`${machine.name}: ${levelText(state)}`} />
              </PlantLink>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
