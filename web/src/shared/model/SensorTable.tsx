/** The sensors of a machine type or a machine: what each is called, measured in and held between. */

import { Pencil, Plus, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { valueText } from "@/shared/format/number";
import { unitText } from "@/shared/format/units";
import { Button } from "@/shared/ui/Button";
import { Note } from "@/shared/ui/Page";
import { Actions, Num, Table, Two } from "@/shared/ui/Table";
import css from "./Model.module.css";
import { SensorDialog } from "./SensorDialog";
import { LIMITS, type Plain } from "./sensors";
import { texts } from "./texts";

export type Source = "type" | "changed" | "own";

interface Props {
  sensors: readonly Plain[];
  /** Where each comes from; left out where all come from one place. */
  sourceOf?: (key: string) => Source;
  /** Keys that are stored already: they, and the kind of their values, stay. */
  stored: ReadonlySet<string>;
  /** Says what to do while there are none. */
  none: string;
  onChange: (sensor: Plain) => void;
  /** Takes a sensor away, or what the machine says otherwise than its type. */
  onRemove: (key: string) => void;
}

export function SensorTable({ sensors, sourceOf, stored, none, onChange, onRemove }: Props) {
  const [open, setOpen] = useState<Plain | "new">();
  const { head, addSensor, limitsTitle, sensors: title } = texts();
  const num = (limit: (typeof LIMITS)[number]) => ({ text: <abbr title={limitsTitle[limit]}>{head[limit]}</abbr>, look: "num" as const });
  const columns = [head.sensor, head.datatype, head.unit, ...LIMITS.map(num), ...(sourceOf ? [head.from] : []), { text: head.actions, look: "none" as const }];
  return (
    <>
      {sensors.length === 0 ? <Note>{none}</Note> : (
        <Table head={columns} label={title} cards>
          {sensors.map((sensor) => <Row key={sensor.key} sensor={sensor} source={sourceOf?.(sensor.key)} onEdit={() => setOpen(sensor)} onRemove={() => onRemove(sensor.key)} />)}
        </Table>
      )}
      <div className={css["foot"]}><Button onClick={() => setOpen("new")}><Plus size={18} aria-hidden />{addSensor}</Button></div>
      {open && (
        <SensorDialog sensor={open === "new" ? undefined : open} isStored={open !== "new" && stored.has(open.key)} taken={new Set(sensors.filter((s) => s !== open).map((s) => s.key))}
          onDone={(sensor) => { onChange(sensor); setOpen(undefined); }} onClose={() => setOpen(undefined)} />
      )}
    </>
  );
}

interface RowProps {
  sensor: Plain;
  source: Source | undefined;
  onEdit: () => void;
  onRemove: () => void;
}

function Row({ sensor, source, onEdit, onRemove }: RowProps) {
  const { datatypes, sources, editSensor, head } = texts();
  const name = sensor.name || sensor.key;
  return (
    <tr>
      <Two below={sensor.expression ? <span className={css["formula"]}>{sensor.key} = {sensor.expression}</span> : sensor.key}>{name}</Two>
      <td>{datatypes[sensor.datatype]}</td>
      <td>{unitText(sensor.unit)}</td>
      {LIMITS.map((limit) => (
        <Num key={limit}>{sensor.limits[limit] === null ? <span className={css["faint"]}>–</span> : <><small className={css["limitName"]}>{head[limit]}</small>{valueText(sensor.limits[limit], sensor.decimals)}</>}</Num>
      ))}
      {source && <td>{sources[source]}</td>}
      <Actions>
        <Button look="quiet" aria-label={editSensor(name)} title={editSensor(name)} onClick={onEdit}><Pencil size={18} aria-hidden /></Button>
        {source !== "type" && <Remove name={name} resets={source === "changed"} onRemove={onRemove} />}
      </Actions>
    </tr>
  );
}

function Remove({ name, resets, onRemove }: { name: string; resets: boolean; onRemove: () => void }) {
  const text = resets ? texts().resetSensor(name) : texts().removeSensor(name);
  const Icon = resets ? RotateCcw : Trash2;
  return <Button look="quiet" aria-label={text} title={text} onClick={onRemove}><Icon size={18} aria-hidden /></Button>;
}
