/** Put somebody on call instead. */

import { useState } from "react";
import { ALERTING, SCHEDULES, useChannels } from "@/shared/alerting/queries";
import { post } from "@/shared/api/http";
import type { Override, Schedule } from "@/shared/api/types";
import { localText } from "@/shared/format/time";
import { PickField, Row, TextField } from "@/shared/ui/Form";
import { isoOf } from "./plans";
import { SaveForm } from "./SaveForm";
import { texts } from "./texts";
import { useSaving } from "./useSaving";

const HOURS_MS = 8 * 3_600_000;

export function OverrideDialog({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const t = texts().schedules;
  const channels = useChannels().data ?? [];
  const [member, setMember] = useState("");
  const [from, setFrom] = useState(() => localText(Date.now()).slice(0, 16));
  const [to, setTo] = useState(() => localText(Date.now() + HOURS_MS).slice(0, 16));
  const saving = useSaving([...SCHEDULES, schedule.id], (whole: Omit<Override, "id" | "by">) => post(`${ALERTING}/schedules/{schedule_id}/overrides`, { schedule_id: schedule.id }, whole), onClose);
  const missing = !member ? t.chooseWho : !from || !to || from >= to ? texts().endsAfter : undefined;
  return (
    <SaveForm title={t.takeOverIn(schedule.name)} verb={t.takeOver} saving={saving} missing={missing} onClose={onClose}
      onSave={() => saving.mutate({ member, from: isoOf(from), to: isoOf(to) })}>
      <PickField label={t.who} value={member} onPick={setMember} options={[["", texts().choose], ...channels.map(({ name }) => [name, name] as const)]} hint={t.whoHint} />
      <Row>
        <TextField label={texts().from} type="datetime-local" value={from} onText={setFrom} required />
        <TextField label={texts().to} type="datetime-local" value={to} onText={setTo} required />
      </Row>
    </SaveForm>
  );
}
