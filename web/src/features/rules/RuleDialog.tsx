/** Write a rule, or change one. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { patch, post } from "@/shared/api/http";
import type { Channel, Rule } from "@/shared/api/types";
import { unitText } from "@/shared/format/units";
import { SEVERITIES } from "@/shared/plant/condition";
import type { Tree } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, PickField, Row, TextField, Tick } from "@/shared/ui/Form";
import form from "@/shared/ui/Form.module.css";
import { Failure } from "@/shared/ui/Page";
import { LEVEL_TEXT } from "@/shared/ui/Mark";
import { ALERTING, RULES } from "./queries";
import css from "./RulesPage.module.css";
import { ScopeFields } from "./ScopeFields";
import { BLANK, complaints, draftOf, fieldsOf, sampleOf, scopeOf, type Fields, type Form } from "./words";

interface Props {
  /** The rule to change; a new one without. */
  rule?: Rule | undefined;
  tree: Tree;
  channels: readonly Channel[];
  onClose: () => void;
}
interface PartProps {
  fields: Fields;
  onChange: (more: Partial<Fields>) => void;
}

export function RuleDialog({ rule, tree, channels, onClose }: Props) {
  const [fields, setFields] = useState<Fields>(() => (rule ? fieldsOf(rule) : BLANK));
  const client = useQueryClient();
  const missing = complaints(fields);
  const saving = useMutation({
    mutationFn: () => rule ? patch(`${ALERTING}/rules/${rule.id}`, draftOf(fields)) : post(`${ALERTING}/rules`, draftOf(fields)),
    onSuccess: () => { void client.invalidateQueries({ queryKey: RULES }); onClose(); },
  });
  const change = (more: Partial<Fields>): void => setFields((old) => ({ ...old, ...more }));
  return (
    <Dialog title={rule ? "Change rule" : "New rule"} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); saving.mutate(); }}>
        <TextField label="Name" value={fields.name} onText={(name) => change({ name })} placeholder="Gearbox hot" maxLength={100} autoFocus />
        <ScopeFields tree={tree} fields={fields} onChange={change} />
        <LimitFields tree={tree} fields={fields} onChange={change} />
        <ChannelTicks channels={channels} fields={fields} onChange={change} />
        {missing.length > 0 && <p className={css["missing"]} role="status">{missing.join(" ")}</p>}
        {saving.error && <Failure error={saving.error} />}
        <Buttons>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="main" type="submit" disabled={saving.isPending || missing.length > 0}>{rule ? "Save" : "Create rule"}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}

function LimitFields({ tree, fields, onChange }: PartProps & { tree: Tree }) {
  const { form: kind } = fields;
  const unit = unitText(sampleOf(tree, scopeOf(fields))?.unit);
  const inUnit = (text: string): string => (unit ? `${text} (${unit})` : text);
  return (
    <>
      <Row>
        <PickField label="Alarm when" value={kind} onPick={(v) => onChange({ form: v as Form })}
          options={[["above", "above"], ["below", "below"], ["outside", "outside a band"]]} />
        {kind !== "above" && <TextField label={inUnit(kind === "below" ? "Limit" : "Lower limit")} inputMode="decimal" value={fields.low} onText={(low) => onChange({ low })} />}
        {kind !== "below" && <TextField label={inUnit(kind === "above" ? "Limit" : "Upper limit")} inputMode="decimal" value={fields.high} onText={(high) => onChange({ high })} />}
        <PickField label="Severity" value={fields.severity} onPick={(v) => onChange({ severity: SEVERITIES.find((s) => s === v) ?? "medium" })}
          options={SEVERITIES.map((s) => [s, LEVEL_TEXT[s]] as const)} />
      </Row>
      <Row>
        <TextField label={inUnit("Deadband")} inputMode="decimal" value={fields.deadband} onText={(deadband) => onChange({ deadband })} hint="Comes back this far" />
        <TextField label="On delay" value={fields.onDelay} onText={(onDelay) => onChange({ onDelay })} hint="Beyond for this long" />
        <TextField label="Off delay" value={fields.offDelay} onText={(offDelay) => onChange({ offDelay })} hint="Good for this long" />
      </Row>
    </>
  );
}

function ChannelTicks({ channels, fields, onChange }: PartProps & { channels: readonly Channel[] }) {
  const toggle = (name: string, on: boolean): void =>
    onChange({ channels: on ? [...fields.channels, name] : fields.channels.filter((c) => c !== name) });
  return (
    <fieldset className={css["group"]}>
      <legend className={form["legend"]}>Tell by</legend>
      {channels.length === 0 && <small>No channels yet: the alarm shows on the pages alone.</small>}
      {channels.map(({ id, name, kind }) => (
        <Tick key={id} text={`${name} (${kind === "email" ? "e-mail" : kind})`} checked={fields.channels.includes(name)} onTick={(on) => toggle(name, on)} />
      ))}
    </fieldset>
  );
}
