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
import { SaveForm } from "./SaveForm";
import { useSaving } from "./useSaving";

const inMinutes = (minutes: number): string => localText(Date.now() + minutes * 60_000).slice(0, 16);
const iso = (local: string): string => new Date(local).toISOString();

export function SilenceDialog({ onClose }: { onClose: () => void }) {
  const rules = useRules().data ?? [];
  const [draft, setDraft] = useState<SilenceDraft>(() => ({
    kind: "silence", under: "", rule: null, below: null, from: inMinutes(0), to: inMinutes(120), weekly: false, zone: timeZone(), until: null, reason: "",
  }));
  const set = (more: Partial<SilenceDraft>): void => setDraft((old) => ({ ...old, ...more }));
  const saving = useSaving(SILENCES, (whole: SilenceDraft) => post(`${ALERTING}/silences`, {}, whole), onClose);
  const missing = !draft.from || !draft.to || draft.from >= draft.to ? "It ends after it begins." : undefined;
  const save = (): void => saving.mutate({ ...draft, from: iso(draft.from), to: iso(draft.to), until: draft.weekly && draft.until ? iso(draft.until) : null, reason: draft.reason.trim() });
  return (
    <SaveForm title="Silence" verb="Silence" saving={saving} missing={missing} onClose={onClose} onSave={save}>
      <Row>
        <PickField label="Kind" value={draft.kind} onPick={(kind) => set({ kind: kind === "maintenance" ? "maintenance" : "silence" })} options={[["silence", "Silence"], ["maintenance", "Maintenance window"]]} />
        <PartField label="Part of the plant" value={draft.under} onPick={(under) => set({ under })} machines />
      </Row>
      <Row>
        <PickField label="Rule" value={draft.rule ?? ""} onPick={(rule) => set({ rule: rule || null })} options={[["", "All rules"], ...rules.map(({ name }) => [name, name] as const)]} />
        <PickField label="Severities" value={draft.below ?? ""} onPick={(v) => set({ below: SEVERITIES.find((s) => s === v) ?? null })}
          options={[["", "All"], ...SEVERITIES.filter((s) => s !== "low").map((s) => [s, `Below ${levelText(s).toLowerCase()}`] as const)]} />
      </Row>
      <Row>
        <TextField label="From" type="datetime-local" value={draft.from} onText={(from) => set({ from })} required />
        <TextField label="To" type="datetime-local" value={draft.to} onText={(to) => set({ to })} required />
      </Row>
      <Tick text="Every week at this time" checked={draft.weekly} onTick={(weekly) => set({ weekly })} />
      {draft.weekly && <TextField label="For the last time before" type="datetime-local" value={draft.until ?? ""} onText={(until) => set({ until: until || null })} hint="Empty: until somebody ends it" />}
      <TextArea label="Reason" value={draft.reason} onText={(reason) => set({ reason })} maxLength={2000} hint="When it ends, those are told that are still active and that nobody has acknowledged." />
    </SaveForm>
  );
}
