/** Write a policy: its steps, how often they are repeated, quiet hours and grouping. */

import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { ALERTING, POLICIES, useCalendars, useChannels, useSchedules } from "@/shared/alerting/queries";
import { patch, post } from "@/shared/api/http";
import type { GroupBy, Policy, PolicyDraft } from "@/shared/api/types";
import { durationMs } from "@/shared/format/time";
import { SEVERITIES } from "@/shared/plant/condition";
import { Button } from "@/shared/ui/Button";
import { PickField, Row, TextField } from "@/shared/ui/Form";
import { levelText } from "@/shared/ui/Mark";
import { Members } from "./Members";
import css from "./OnCallPage.module.css";
import { SaveForm } from "./SaveForm";
import { useSaving } from "./useSaving";

type Step = PolicyDraft["steps"][number];
interface Part {
  draft: PolicyDraft;
  onChange: (more: Partial<PolicyDraft>) => void;
}

const BLANK: PolicyDraft = { name: "", steps: [{ after: "0s", to: [] }], repeat: null, repeats: 10, quiet: null, group_by: "none", group_wait: "0s" };
const GROUPS: readonly (readonly [GroupBy, string])[] = [["none", "each by itself"], ["rule", "those of one rule together"], ["machine", "those of one machine together"], ["line", "those of one line together"]];

function missingOf({ name, steps, repeat, group_wait }: PolicyDraft): string | undefined {
  if (!name.trim()) return "Give the policy a name.";
  if (steps.some((step) => step.to.length === 0)) return "Choose whom each step calls.";
  if ([...steps.map((step) => step.after), ...(repeat === null ? [] : [repeat]), group_wait].some((text) => Number.isNaN(durationMs(text)))) return "Write times like 30s, 15m or 1h.";
  return steps.some((step, i) => i > 0 && durationMs(step.after) < durationMs(steps[i - 1]?.after ?? "0s")) ? "Put steps in order: each counts from the alarm." : undefined;
}

export function PolicyDialog({ policy, onClose }: { policy: Policy | undefined; onClose: () => void }) {
  const [draft, setDraft] = useState<PolicyDraft>(() => { const { id: _, ...known } = policy ?? { ...BLANK, id: "" }; return known; });
  const saving = useSaving(POLICIES, (whole: PolicyDraft) => policy ? patch(`${ALERTING}/policies/{policy_id}`, { policy_id: policy.id }, whole) : post(`${ALERTING}/policies`, {}, whole), onClose);
  const change = (more: Partial<PolicyDraft>): void => setDraft((old) => ({ ...old, ...more }));
  return (
    <SaveForm title={policy ? "Change policy" : "New policy"} verb={policy ? "Save" : "Create policy"} saving={saving} missing={missingOf(draft)} wide onClose={onClose} onSave={() => saving.mutate(draft)}>
      <TextField label="Name" value={draft.name} onText={(name) => change({ name })} placeholder="night shift" maxLength={100} autoFocus />
      <Steps draft={draft} onChange={change} />
      <Repeats draft={draft} onChange={change} />
      <Quiet draft={draft} onChange={change} />
      <Row>
        <PickField label="Alarms that come together are told" value={draft.group_by} onPick={(by) => change({ group_by: GROUPS.find(([g]) => g === by)?.[0] ?? "none" })} options={GROUPS} />
        {draft.group_by !== "none" && <TextField label="Wait for others" value={draft.group_wait} onText={(group_wait) => change({ group_wait })} hint="30s; 10m at most" />}
      </Row>
    </SaveForm>
  );
}

function Steps({ draft: { steps }, onChange }: Part) {
  const names = [...(useSchedules().data ?? []), ...(useChannels().data ?? [])].map((one) => one.name);
  const set = (at: number, more: Partial<Step>): void => onChange({ steps: steps.map((step, i) => (i === at ? { ...step, ...more } : step)) });
  return (
    <>
      {steps.map((step, i) => (
        <fieldset key={i} className={css["part"]}>
          <legend>Step {i + 1}</legend>
          <div className={css["line"]}>
            <TextField label="After" value={step.after} onText={(after) => set(i, { after })} hint="From the alarm on; 0s is at once" />
            {steps.length > 1 && <Button look="quiet" aria-label={`Remove step ${i + 1}`} title="Remove" onClick={() => onChange({ steps: steps.filter((_, at) => at !== i) })}><Trash2 size={18} /></Button>}
          </div>
          <Members label="Call channels or schedules" names={names} members={step.to} onMembers={(to) => set(i, { to })} />
        </fieldset>
      ))}
      <p className={css["add"]}><Button disabled={steps.length >= 10} onClick={() => onChange({ steps: [...steps, { after: "15m", to: [] }] })}><Plus size={18} aria-hidden />Add a step</Button></p>
    </>
  );
}

const Repeats = ({ draft, onChange }: Part) => (
  <Row>
    <TextField label="Start over after" value={draft.repeat ?? ""} onText={(text) => onChange({ repeat: text.trim() ? text : null })} placeholder="never" hint="From the last step on, until somebody acknowledges" />
    {draft.repeat !== null && <TextField label="Times at most" type="number" min={1} max={100} value={draft.repeats} onText={(text) => onChange({ repeats: Math.min(100, Math.max(1, Math.round(Number(text)) || 1)) })} />}
  </Row>
);

function Quiet({ draft: { quiet }, onChange }: Part) {
  const calendars = useCalendars().data ?? [];
  return (
    <Row>
      <PickField label="Quiet hours" value={quiet?.calendar ?? ""} onPick={(calendar) => onChange({ quiet: calendar ? { calendar, below: quiet?.below ?? "critical" } : null })}
        hint={calendars.length ? "What waits is told as one message when they end" : "Make a calendar first"} options={[["", "none"], ...calendars.map(({ name }) => [name, name] as const)]} />
      {quiet && (
        <PickField label="In which wait severities below" value={quiet.below} onPick={(v) => onChange({ quiet: { ...quiet, below: SEVERITIES.find((s) => s === v) ?? "critical" } })}
          options={SEVERITIES.map((s) => [s, levelText(s)] as const)} />
      )}
    </Row>
  );
}
