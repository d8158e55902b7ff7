/** Which sensors a rule watches: one, or the same sensor of many machines. */

import { useId, useMemo } from "react";
import type { Sensor } from "@/shared/api/types";
import { unitText } from "@/shared/format/units";
import { PartField } from "@/shared/plant/PartField";
import { isBelow, trail, type Node, type Tree } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { ComboField } from "@/shared/ui/ComboField";
import { PickField, Row } from "@/shared/ui/Form";
import form from "@/shared/ui/Form.module.css";
import { texts } from "../texts";
import css from "./Editor.module.css";
import type { PartProps } from "./RuleEditor";

type Props = PartProps & { tree: Tree };

const sensorsOf = (machine: Node): readonly Sensor[] => machine.sensors ?? [];

export function ScopeFields(props: Props) {
  const id = useId();
  const say = texts().editor;
  const { fields: { one }, onChange } = props;
  return (
    <fieldset className={css["group"]} aria-labelledby={id}>
      <div className={css["switch"]}>
        <span id={id} className={form["legend"]}>{say.watches}</span>
        <Button aria-pressed={one} onClick={() => onChange({ one: true })}>{say.one}</Button>
        <Button aria-pressed={!one} onClick={() => onChange({ one: false })}>{say.manyMachines}</Button>
      </div>
      {one ? <OneSensor {...props} /> : <ManyMachines {...props} />}
    </fieldset>
  );
}

function OneSensor({ tree, fields, onChange }: Props) {
  const say = texts().editor;
  const choices = useMemo(() => [...tree.machines, ...tree.platform].flatMap((machine) => {
    const place = trail(tree, machine.path).map((n) => n.name || n.slug).join(" › ");
    return sensorsOf(machine).map((s) => ({ value: s.path, text: sensorText(s), place }));
  }), [tree]);
  return <ComboField label={say.sensor} value={fields.sensor} choices={choices} placeholder={say.sensorExample} onPick={(sensor) => onChange({ sensor })} />;
}

function ManyMachines({ tree, fields, onChange }: Props) {
  const say = texts().editor;
  const types = [...new Set(tree.machines.map((m) => m.type ?? "").filter(Boolean))].sort();
  const meant = tree.machines.filter((m) => (!fields.type || m.type === fields.type) && isBelow(m.path, fields.under));
  const keys = new Map(meant.flatMap(sensorsOf).map((s) => [s.key, sensorText(s)]));
  if (fields.key && !keys.has(fields.key)) keys.set(fields.key, fields.key);
  const count = meant.filter((m) => sensorsOf(m).some((s) => s.key === fields.key)).length;
  const labels = Object.entries(fields.labels);
  return (
    <>
      <Row>
        <PickField label={say.type} value={fields.type} onPick={(type) => onChange({ type })} options={[["", say.any], ...types.map((t) => [t, t] as const)]} />
        <PartField value={fields.under} onPick={(under) => onChange({ under })} />
      </Row>
      <PickField label={say.sensor} value={fields.key} onPick={(key) => onChange({ key })} hint={fields.key ? say.have(count) : undefined}
        options={[["", say.choose], ...[...keys].sort((a, b) => a[1].localeCompare(b[1]))]} />
      {labels.length > 0 && <p className={css["soft"]}>{say.labels(labels.map(([name, value]) => `${name}: ${value}`).join(", "))}</p>}
    </>
  );
}

const sensorText = ({ name, key, unit }: Sensor): string => `${name || key}${unit ? ` (${unitText(unit)})` : ""}`;
