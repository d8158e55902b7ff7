/** Write a rule, or change one; try it on the past before it calls anybody. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ALERTING, RULES } from "@/shared/alerting/queries";
import { patch, post } from "@/shared/api/http";
import type { Rule, RuleDraft } from "@/shared/api/types";
import { unitText } from "@/shared/format/units";
import { SEVERITIES } from "@/shared/plant/condition";
import type { Tree } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, PickField, Row, TextArea, TextField, Tick } from "@/shared/ui/Form";
import { levelText } from "@/shared/ui/Mark";
import { Failure } from "@/shared/ui/Page";
import { BacktestPanel } from "./BacktestPanel";
import { ConditionFields } from "./ConditionFields";
import { BLANK, complaints, draftOf, fieldsOf, scopeOf, type Fields } from "./fields";
import { MoreFields } from "./MoreFields";
import css from "./RulesPage.module.css";
import { ScopeFields } from "./ScopeFields";
import { TellFields } from "./TellFields";
import { IDLE_TEXT, sampleOf, watchesNothing } from "./words";

interface Props {
  /** The rule to change; a new one without. */
  rule?: Rule | undefined;
  tree: Tree;
  onClose: () => void;
}
export interface PartProps {
  fields: Fields;
  onChange: (more: Partial<Fields>) => void;
}

export function RuleDialog({ rule: opened, tree, onClose }: Props) {
  // One that was just made and watches nothing stays open, to be mended.
  const [idle, setIdle] = useState<Rule>();
  const rule = idle ?? opened;
  const [fields, setFields] = useState<Fields>(() => (rule ? fieldsOf(rule) : BLANK));
  const client = useQueryClient();
  const sample = sampleOf(tree, scopeOf(fields));
  const missing = complaints(fields, sample?.datatype);
  const draft = missing.length === 0 ? draftOf(fields, sample?.datatype) : undefined;
  const saving = useMutation({
    mutationFn: (whole: RuleDraft) => rule ? patch(`${ALERTING}/rules/{rule_id}`, { rule_id: rule.id }, whole) : post(`${ALERTING}/rules`, {}, whole),
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: RULES });
      if (watchesNothing(saved)) setIdle(saved);
      else onClose();
    },
  });
  const change = (more: Partial<Fields>): void => setFields((old) => ({ ...old, ...more }));
  return (
    <Dialog title={rule ? "Change rule" : "New rule"} onClose={onClose} wide>
      <form onSubmit={(e) => { e.preventDefault(); if (draft) saving.mutate(draft); }}>
        <Parts fields={fields} onChange={change} tree={tree} unit={unitText(sample?.unit)} ownName={rule?.name ?? ""} />
        <BacktestPanel draft={draft} onAdvice={change} />
        {missing.length > 0 && <p className={css["missing"]} role="status">{missing.join(" ")}</p>}
        {idle && <p className={css["missing"]} role="alert">{IDLE_TEXT}</p>}
        {saving.error && <Failure error={saving.error} />}
        <Buttons>
          <Button onClick={onClose}>{idle ? "Leave it so" : "Cancel"}</Button>
          <Button look="main" type="submit" disabled={saving.isPending || !draft}>{rule ? "Save" : "Create rule"}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}

function Parts({ tree, unit, ownName, ...part }: PartProps & { tree: Tree; unit: string; ownName: string }) {
  const { fields, onChange } = part;
  return (
    <>
      <TextField label="Name" value={fields.name} onText={(name) => onChange({ name })} placeholder="Gearbox hot" maxLength={100} autoFocus />
      <ScopeFields tree={tree} {...part} />
      <ConditionFields {...part} unit={unit} />
      <Delays {...part} unit={unit} />
      <MoreFields {...part} ownName={ownName} />
      <TellFields {...part} />
      <Texts {...part} />
      <Tick text="In force" checked={fields.enabled} onTick={(enabled) => onChange({ enabled })} />
    </>
  );
}

function Delays({ fields, onChange, unit }: PartProps & { unit: string }) {
  return (
    <Row>
      <PickField label="Severity" value={fields.severity} onPick={(v) => onChange({ severity: SEVERITIES.find((s) => s === v) ?? "medium" })}
        hint={fields.form === "levels" ? "Of levels without their own" : undefined} options={SEVERITIES.map((s) => [s, levelText(s)] as const)} />
      <TextField label={unit ? `Deadband (${unit})` : "Deadband"} inputMode="decimal" value={fields.deadband} onText={(deadband) => onChange({ deadband })} hint="Comes back this far" />
      <TextField label="On delay" value={fields.onDelay} onText={(onDelay) => onChange({ onDelay })} hint="Trouble for this long" />
      <TextField label="Off delay" value={fields.offDelay} onText={(offDelay) => onChange({ offDelay })} hint="Good for this long" />
    </Row>
  );
}

const TEXTS = [["cause", "Likely cause"], ["consequence", "If nothing is done"], ["action", "What to do"]] as const;

function Texts({ fields, onChange }: PartProps) {
  const written = TEXTS.filter(([field]) => fields[field].trim()).length;
  return (
    <details className={css["fold"]} open={written > 0 && written < 3}>
      <summary>Cause, consequence and action{written > 0 && ` (${written} written)`}</summary>
      <p className={css["soft"]}>Whoever is called reads them in the alarm and in each message.</p>
      {TEXTS.map(([field, label]) => <TextArea key={field} label={label} rows={2} maxLength={2000} value={fields[field]} onText={(text) => onChange({ [field]: text })} />)}
    </details>
  );
}
