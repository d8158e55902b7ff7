/** Write a policy: its steps, how often they are repeated, quiet hours and grouping. */

import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { ALERTING, POLICIES, useCalendars, useChannels, useSchedules } from "@/shared/alerting/queries";
import { patch, post } from "@/shared/api/http";
import type { GroupBy, Policy, PolicyDraft } from "@/shared/api/types";
import { durationMs } from "@/shared/format/time";
import { SEVERITIES } from "@/shared/plant/condition";
import { Button } from "@/shared/ui/Button";
import type { Choice } from "@/shared/ui/choices";
import { PickField, Row, TextField } from "@/shared/ui/Form";
import { levelText } from "@/shared/ui/Mark";
import { words } from "@/shared/ui/texts";
import { Members } from "./Members";
import css from "./OnCallPage.module.css";
import { SaveForm } from "./SaveForm";
import { texts } from "./texts";
import { useSaving } from "./useSaving";

type Step = PolicyDraft["steps"][number];
interface Part {
  draft: PolicyDraft;
  onChange: (more: Partial<PolicyDraft>) => void;
}

const BLANK: PolicyDraft = { name: "", steps: [{ after: "0s", to: [] }], repeat: null, repeats: 10, quiet: null, group_by: "none", group_wait: "0s" };
const GROUPS: readonly GroupBy[] = ["none", "rule", "machine", "line"];

function missingOf({ name, steps, repeat, group_wait }: PolicyDraft): string | undefined {
  if (!name.trim()) return texts().policies.nameIt;
  if (steps.some((step) => step.to.length === 0)) return texts().policies.chooseWhom;
  if ([...steps.map((step) => step.after), ...(repeat === null ? [] : [repeat]), group_wait].some((text) => Number.isNaN(durationMs(text)))) return texts().policies.writeTimes;
  return steps.some((step, i) => i > 0 && durationMs(step.after) < durationMs(steps[i - 1]?.after ?? "0s")) ? texts().policies.inOrder : undefined;
}

export function PolicyDialog({ policy, onClose }: { policy: Policy | undefined; onClose: () => void }) {
  const [draft, setDraft] = useState<PolicyDraft>(() => { const { id: _, ...known } = policy ?? { ...BLANK, id: "" }; return known; });
  const saving = useSaving(POLICIES, (whole: PolicyDraft) => policy ? patch(`${ALERTING}/policies/{policy_id}`, { policy_id: policy.id }, whole) : post(`${ALERTING}/policies`, {}, whole), onClose);
  const t = texts().policies;
  const change = (more: Partial<PolicyDraft>): void => setDraft((old) => ({ ...old, ...more }));
  return (
    <SaveForm title={policy ? t.edit : t.make} verb={policy ? words().save : t.create} saving={saving} missing={missingOf(draft)} wide onClose={onClose} onSave={() => saving.mutate(draft)}>
      <TextField label={texts().name} value={draft.name} onText={(name) => change({ name })} placeholder={t.example} maxLength={100} autoFocus />
      <Steps draft={draft} onChange={change} />
      <Repeats draft={draft} onChange={change} />
      <Quiet draft={draft} onChange={change} />
      <Row>
        <PickField label={t.grouped} value={draft.group_by} onPick={(by) => change({ group_by: by })} options={GROUPS.map((by) => [by, t.groups[by]] as const)} />
        {draft.group_by !== "none" && <TextField label={t.waitOthers} value={draft.group_wait} onText={(group_wait) => change({ group_wait })} hint={t.waitHint} />}
      </Row>
    </SaveForm>
  );
}

function Steps({ draft: { steps }, onChange }: Part) {
  const t = texts().policies;
  const choice = (place: string) => ({ name }: { name: string }): Choice => ({ value: name, text: name, place });
  const names = [...(useSchedules().data ?? []).map(choice(t.schedule)), ...(useChannels().data ?? []).map(choice(t.channel))];
  const set = (at: number, more: Partial<Step>): void => onChange({ steps: steps.map((step, i) => (i === at ? { ...step, ...more } : step)) });
  return (
    <>
      {steps.map((step, i) => (
        <fieldset key={i} className={css["part"]}>
          <legend>{t.step(i + 1)}</legend>
          <div className={css["line"]}>
            <TextField label={t.after} value={step.after} onText={(after) => set(i, { after })} hint={t.afterHint} />
            {steps.length > 1 && <Button look="quiet" aria-label={t.removeStep(i + 1)} title={words().remove} onClick={() => onChange({ steps: steps.filter((_, at) => at !== i) })}><Trash2 size={18} /></Button>}
          </div>
          <Members label={t.call} names={names} members={step.to} onMembers={(to) => set(i, { to })} />
        </fieldset>
      ))}
      <p className={css["add"]}><Button disabled={steps.length >= 10} onClick={() => onChange({ steps: [...steps, { after: "15m", to: [] }] })}><Plus size={18} aria-hidden />{t.addStep}</Button></p>
    </>
  );
}

const Repeats = ({ draft, onChange }: Part) => (
  <Row>
    <TextField label={texts().policies.startOver} value={draft.repeat ?? ""} onText={(text) => onChange({ repeat: text.trim() ? text : null })} placeholder={texts().policies.never} hint={texts().policies.startOverHint} />
    {draft.repeat !== null && <TextField label={texts().policies.most} type="number" min={1} max={100} value={draft.repeats} onText={(text) => onChange({ repeats: Math.min(100, Math.max(1, Math.round(Number(text)) || 1)) })} />}
  </Row>
);

function Quiet({ draft: { quiet }, onChange }: Part) {
  const calendars = useCalendars().data ?? [];
  const t = texts().policies;
  return (
    <Row>
      <PickField label={t.quiet} value={quiet?.calendar ?? ""} onPick={(calendar) => onChange({ quiet: calendar ? { calendar, below: quiet?.below ?? "critical" } : null })}
        hint={calendars.length ? t.quietHint : t.calendarFirst} options={[["", t.none], ...calendars.map(({ name }) => [name, name] as const)]} />
      {quiet && (
        <PickField label={t.below} value={quiet.below} onPick={(v) => onChange({ quiet: { ...quiet, below: SEVERITIES.find((s) => s === v) ?? "critical" } })}
          options={SEVERITIES.map((s) => [s, levelText(s)] as const)} />
      )}
    </Row>
  );
}
