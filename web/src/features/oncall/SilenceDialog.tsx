/** Silence a part of the plant, a rule, or severities below one, for a time. */

import { useState } from "react";
import { ALERTING, SILENCES, useRules } from "@/shared/alerting/queries";
import { post } from "@/shared/api/http";
import type { SilenceDraft } from "@/shared/api/types";
import { timeZone } from "@/shared/format/time";
import { SEVERITIES } from "@/shared/plant/condition";
import { PartField } from "@/shared/plant/PartField";
import { ComboField } from "@/shared/ui/ComboField";
import { PickField, Row, TextArea, TextField, Tick } from "@/shared/ui/Form";
import { levelText } from "@/shared/ui/Mark";
import { isoOf } from "./plans";
import { SaveForm } from "./SaveForm";
import { silenceTexts } from "./silenceTexts";
import { StretchButtons } from "./StretchButtons";
import { nextHours, typed } from "./stretches";
import { texts } from "./texts";
import { useSaving } from "./useSaving";

interface Props {
  /** What is silenced to begin with: a part of the plant by its path, a rule by its name. */
  under?: string | undefined;
  rule?: string | undefined;
  onClose: () => void;
}

interface PartProps {
  draft: SilenceDraft;
  onChange: (more: Partial<SilenceDraft>) => void;
}

const HOURS = 2;

/** Who comes from a machine is about to work on it. */
const blank = (under: string, rule: string | null): SilenceDraft => ({
  kind: under && !rule ? "maintenance" : "silence", under, rule, below: null, ...typed(nextHours(Date.now(), HOURS)), weekly: false, zone: timeZone(), until: null, reason: "",
});

const wholeOf = (draft: SilenceDraft): SilenceDraft => ({
  ...draft, from: isoOf(draft.from), to: isoOf(draft.to), until: draft.weekly && draft.until ? isoOf(draft.until) : null, reason: draft.reason.trim(),
});

export function SilenceDialog({ under = "", rule, onClose }: Props) {
  const t = silenceTexts();
  const [draft, setDraft] = useState(() => blank(under, rule ?? null));
  const set = (more: Partial<SilenceDraft>): void => setDraft((old) => ({ ...old, ...more }));
  const saving = useSaving(SILENCES, (whole: SilenceDraft) => post(`${ALERTING}/silences`, {}, whole), onClose);
  const missing = !draft.from || !draft.to || draft.from >= draft.to ? texts().endsAfter : undefined;
  const isWork = draft.kind === "maintenance";
  return (
    <SaveForm title={isWork ? t.maintenance : t.silence} verb={isWork ? t.makeWork : t.silence} saving={saving} missing={missing} onClose={onClose} onSave={() => saving.mutate(wholeOf(draft))}>
      <Row>
        <PickField label={t.kind} value={draft.kind} onPick={(kind) => set({ kind })} options={[["silence", t.quietly], ["maintenance", t.repair]] as const} />
        <PartField value={draft.under} onPick={(part) => set({ under: part })} machines />
      </Row>
      <Narrower draft={draft} onChange={set} />
      <When draft={draft} onChange={set} />
      <TextArea label={t.reason} value={draft.reason} onText={(reason) => set({ reason })} maxLength={2000} hint={t.reasonHint} />
    </SaveForm>
  );
}

/** Not all alarms there: those of one rule, or the less severe ones. */
function Narrower({ draft, onChange }: PartProps) {
  const t = silenceTexts();
  const rules = useRules().data ?? [];
  return (
    <Row>
      <ComboField label={t.ruleField} value={draft.rule ?? ""} placeholder={t.allRules} onPick={(rule) => onChange({ rule: rule || null })}
        choices={[{ value: "", text: t.allRules }, ...rules.map(({ name }) => ({ value: name, text: name }))]} />
      <PickField label={t.severity} value={draft.below ?? ""} onPick={(v) => onChange({ below: SEVERITIES.find((s) => s === v) ?? null })}
        options={[["", t.all], ...SEVERITIES.filter((s) => s !== "low").map((s) => [s, t.below(levelText(s))] as const)]} />
    </Row>
  );
}

function When({ draft, onChange }: PartProps) {
  const t = silenceTexts();
  return (
    <>
      <StretchButtons hours={[1, HOURS, 8]} from={draft.from} to={draft.to} onPick={onChange} />
      <Row>
        <TextField label={texts().from} type="datetime-local" value={draft.from} onText={(from) => onChange({ from })} required />
        <TextField label={texts().to} type="datetime-local" value={draft.to} onText={(to) => onChange({ to })} required />
      </Row>
      <Tick text={t.everyWeek} checked={draft.weekly} onTick={(weekly) => onChange({ weekly })} />
      {draft.weekly && <TextField label={t.lastTime} type="datetime-local" value={draft.until ?? ""} onText={(until) => onChange({ until: until || null })} hint={t.lastHint} />}
    </>
  );
}
