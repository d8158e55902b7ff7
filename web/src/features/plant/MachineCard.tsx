/** A machine as a card: its state and the values that matter most. */

import { alarmText } from "@/shared/alarms/words";
import type { Sensor } from "@/shared/api/types";
import { unitText } from "@/shared/format/units";
import { valueText } from "@/shared/format/number";
import { qualityNow } from "@/shared/live/cells";
import { useCell, useNow } from "@/shared/live/hooks";
import type { Condition } from "@/shared/plant/condition";
import { useMachineText } from "@/shared/plant/machineText";
import type { Node } from "@/shared/plant/tree";
import { AnalogBar } from "@/shared/ui/AnalogBar";
import { Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import css from "./Card.module.css";

/** The sensors to show on a card: the one in alarm first, then those with limits. */
export function keySensors(sensors: readonly Sensor[], inAlarm?: string, count = 3): Sensor[] {
  const limits = (s: Sensor): number => s.path === inAlarm ? Infinity : Object.values(s.limits ?? {}).filter((v) => typeof v === "number").length;
  return sensors.filter((s) => s.datatype === "float").sort((a, b) => Number(limits(b) > limits(a)) - Number(limits(b) < limits(a))).slice(0, count);
}

function Value({ sensor }: { sensor: Sensor }) {
  const cell = useCell(sensor.path);
  const now = useNow(1000);
  const fresh = cell !== undefined && qualityNow(cell, now) === "good";
  return (
    <span className={`${css["value"]} current`} data-fresh={fresh}>
      <span>{sensor.name || sensor.key}</span>
      <AnalogBar value={typeof cell?.value === "number" ? cell.value : Number.NaN} limits={sensor.limits ?? {}} faded={!fresh} />
      <b>{valueText(cell?.value, sensor.decimals)} <small>{unitText(sensor.unit)}</small></b>
    </span>
  );
}

export function MachineCard({ machine, condition }: { machine: Node; condition: Condition | undefined }) {
  const level = condition?.level ?? "empty";
  const worst = condition?.worstAlarm;
  const text = useMachineText(machine, condition, worst && alarmText(worst));
  return (
    <PlantLink path={machine.path} className={css["card"]}>
      <span className={css["head"]}>
        <Mark level={level} calling={Boolean(condition?.unacknowledged)} size={24} />
        <span className={css["name"]}>{machine.name}<small>{text}</small></span>
      </span>
      {keySensors(machine.sensors ?? [], worst?.sensor).map((sensor) => <Value key={sensor.key} sensor={sensor} />)}
    </PlantLink>
  );
}
