/** Silence a part of the plant, a rule, or severities below one, for a time. */

import { useState } from "react";
import { ALERTING, SILENCES, useRules } from "@/shared/alerting/queries";
import { post } from "@/shared/api/http";
import type { SilenceDraft } from "@/shared/api/types";
import { localText, timeZone } from "@/shared/format/time";
import { SEVERITIES } from "@/shared/plant/condition";
import { PartField } from "@/shared/plant/PartField";
import { PickField, Row, TextArea, TextField, Tick } from "@/shared/ui/Form";
import { levelText } from "@/shared/ui/Mark";
import { isoOf } from "./plans";
import { SaveForm } from "./SaveForm";
import { silenceTexts } from "./silenceTexts";
import { texts } from "./texts";
import { useSaving } from "./useSaving";

const inMinutes = (minutes: number): string => localText(Date.now() + minutes * 60_000).slice(0, 16);

export function SilenceDialog({ onClose }: { onClose: () => void }) {
  const t = silenceTexts();
  const rules = useRules().data ?? [];
  const [draft, setDraft] = useState<SilenceDraft>(() => ({
    kind: "silence", under: "", rule: null, below: null, from: inMinutes(0), to: inMinutes(120), weekly: false, zone: timeZone(), until: null, reason: "",
  }));
  const set = (more: Partial<SilenceDraft>): void => setDraft((old) => ({ ...old, ...more }));
  const saving = useSaving(SILENCES, (whole: SilenceDraft) => post(`${ALERTING}/silences`, {}, whole), onClose);
  const missing = !draft.from || !draft.to || draft.from >= draft.to ? texts().endsAfter : undefined;
  const save = (): void => saving.mutate({ ...draft, from: isoOf(draft.from), to: isoOf(draft.to), until: draft.weekly && draft.until ? isoOf(draft.until) : null, reason: draft.reason.trim() });
  return (
    <SaveForm title={t.silence} verb={t.silence} saving={saving} missing={missing} onClose={onClose} onSave={save}>
      <Row>
        <PickField label={t.kind} value={draft.kind} onPick={(kind) => set({ kind })} options={[["silence", t.silence], ["maintenance", t.maintenance]] as const} />
        <PartField label={t.part} value={draft.under} onPick={(under) => set({ under })} machines />
      </Row>
      <Row>
        <PickField label={t.ruleField} value={draft.rule ?? ""} onPick={(rule) => set({ rule: rule || null })} options={[["", t.allRules], ...rules.map(({ name }) => [name, name] as const)]} />
        <PickField label={t.severity} value={draft.below ?? ""} onPick={(v) => set({ below: SEVERITIES.find((s) => s === v) ?? null })}
          options={[["", t.all], ...SEVERITIES.filter((s) => s !== "low").map((s) => [s, t.below(levelText(s))] as const)]} />
      </Row>
      <Row>
        <TextField label={texts().from} type="datetime-local" value={draft.from} onText={(from) => set({ from })} required />
        <TextField label={texts().to} type="datetime-local" value={draft.to} onText={(to) => set({ to })} required />
      </Row>
      <Tick text={t.everyWeek} checked={draft.weekly} onTick={(weekly) => set({ weekly })} />
      {draft.weekly && <TextField label={t.lastTime} type="datetime-local" value={draft.until ?? ""} onText={(until) => set({ until: until || null })} hint={t.lastHint} />}
      <TextArea label={t.reason} value={draft.reason} onText={(reason) => set({ reason })} maxLength={2000} hint={t.reasonHint} />
    </SaveForm>
  );
}
