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
import css from "./RulesPage.module.css";
import type { Fields } from "./fields";

interface Props {
  tree: Tree;
  fields: Fields;
  onChange: (more: Partial<Fields>) => void;
}

const sensorsOf = (machine: Node): readonly Sensor[] => machine.sensors ?? [];

export function ScopeFields({ tree, fields, onChange }: Props) {
  const id = useId();
  return (
    <fieldset className={css["group"]} aria-labelledby={id}>
      <div className={css["switch"]}>
        <span id={id} className={form["legend"]}>Watches</span>
        <Button aria-pressed={fields.one} onClick={() => onChange({ one: true })}>One sensor</Button>
        <Button aria-pressed={!fields.one} onClick={() => onChange({ one: false })}>Many machines</Button>
      </div>
      {fields.one ? <OneSensor tree={tree} fields={fields} onChange={onChange} /> : <ManyMachines tree={tree} fields={fields} onChange={onChange} />}
    </fieldset>
  );
}

function OneSensor({ tree, fields, onChange }: Props) {
  const choices = useMemo(() => [...tree.machines, ...tree.platform].flatMap((machine) => {
    const place = trail(tree, machine.path).map((n) => n.name || n.slug).join(" › ");
    return sensorsOf(machine).map((s) => ({ value: s.path, text: sensorText(s), place }));
  }), [tree]);
  return <ComboField label="Sensor" value={fields.sensor} choices={choices} placeholder="Choose, or type: press oil" onPick={(sensor) => onChange({ sensor })} />;
}

function ManyMachines({ tree, fields, onChange }: Props) {
  const types = [...new Set(tree.machines.map((m) => m.type ?? "").filter(Boolean))].sort();
  const meant = tree.machines.filter((m) => (!fields.type || m.type === fields.type) && isBelow(m.path, fields.under));
  const keys = new Map(meant.flatMap(sensorsOf).map((s) => [s.key, sensorText(s)]));
  if (fields.key && !keys.has(fields.key)) keys.set(fields.key, fields.key);
  const count = meant.filter((m) => sensorsOf(m).some((s) => s.key === fields.key)).length;
  const labels = Object.entries(fields.labels);
  return (
    <>
      <Row>
        <PickField label="Machine type" value={fields.type} onPick={(type) => onChange({ type })} options={[["", "Any"], ...types.map((t) => [t, t] as const)]} />
        <PartField label="Part of the plant" value={fields.under} onPick={(under) => onChange({ under })} />
      </Row>
      <PickField label="Sensor" value={fields.key} onPick={(key) => onChange({ key })} hint={fields.key ? `${count} of these machines have it.` : undefined}
        options={[["", "Choose…"], ...[...keys].sort((a, b) => a[1].localeCompare(b[1]))]} />
      {labels.length > 0 && <p className={css["soft"]}>Only with the labels {labels.map(([name, value]) => `${name}: ${value}`).join(", ")}.</p>}
    </>
  );
}

const sensorText = ({ name, key, unit }: Sensor): string => `${name || key}${unit ? ` (${unitText(unit)})` : ""}`;
