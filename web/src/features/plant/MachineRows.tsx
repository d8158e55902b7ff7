/** The machines of a line, one in a row: what it does, what it did in the last hours, and its values. */

import { alarmText } from "@/shared/alarms/words";
import type { Sensor } from "@/shared/api/types";
import { valueText } from "@/shared/format/number";
import { unitText } from "@/shared/format/units";
import { qualityNow } from "@/shared/live/cells";
import { useCell, useNow } from "@/shared/live/hooks";
import type { Condition } from "@/shared/plant/condition";
import { figuresOf } from "@/shared/plant/figures";
import { useMachineText } from "@/shared/plant/machineText";
import type { MachineType } from "@/shared/plant/queries";
import type { Node } from "@/shared/plant/tree";
import { StateBar } from "@/shared/states/StateBar";
import { AnalogBar } from "@/shared/ui/AnalogBar";
import { Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import { useSeen } from "@/shared/ui/useSeen";
import css from "./MachineRows.module.css";
import { texts } from "./texts";

interface Props {
  machines: readonly Node[];
  conditions: ReadonlyMap<string, Condition>;
  types: ReadonlyMap<string, MachineType>;
}

export function MachineRows({ machines, conditions, types }: Props) {
  const { machine: name, states, values } = texts().head;
  return (
    <>
      <div className={css["heads"]} aria-hidden="true"><span>{name}</span><span>{states}</span><span>{values}</span></div>
      <ul aria-label={texts().machines}>
        {machines.map((machine) => <Row key={machine.path} machine={machine} condition={conditions.get(machine.path)} type={types.get(machine.type)} />)}
      </ul>
    </>
  );
}

interface RowProps {
  machine: Node;
  condition: Condition | undefined;
  type: MachineType | undefined;
}

function Row({ machine, condition, type }: RowProps) {
  const [ref, isSeen] = useSeen<HTMLLIElement>();
  const worst = condition?.worstAlarm;
  const text = useMachineText(machine, condition, worst && alarmText(worst));
  const state = machine.sensors.find(({ key, datatype }) => key === "state" && datatype !== "float");
  return (
    <li className={css["row"]} ref={ref}>
      <PlantLink path={machine.path} className={css["machine"]}>
        <Mark level={condition?.level ?? "empty"} calling={Boolean(condition?.unacknowledged)} size={24} />
        <span className={css["name"]}>{machine.name}<small className="current">{text}</small></span>
      </PlantLink>
      {state && isSeen
        ? <PlantLink path={state.path} className={css["states"]} title={texts().statesOf(machine.name)}><StateBar sensor={state.path} /></PlantLink>
        : <span className={css["states"]} />}
      <span className={css["values"]}>{isSeen && figuresOf(machine, type, worst?.sensor).map((sensor) => <Value key={sensor.key} sensor={sensor} />)}</span>
    </li>
  );
}

function Value({ sensor }: { sensor: Sensor }) {
  const cell = useCell(sensor.path);
  const now = useNow(1000);
  const isFresh = cell !== undefined && qualityNow(cell, now) === "good";
  return (
    <PlantLink path={sensor.path} className={css["value"]} data-quality={isFresh ? "good" : "stale"}>
      <small>{sensor.name || sensor.key}</small>
      <span className="current"><b>{valueText(cell?.value, sensor.decimals)}</b> {unitText(sensor.unit)}</span>
      <AnalogBar value={typeof cell?.value === "number" ? cell.value : Number.NaN} limits={sensor.limits} faded={!isFresh} />
    </PlantLink>
  );
}
