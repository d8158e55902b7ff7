/** Put somebody on call instead. */

import { useState } from "react";
import { ALERTING, SCHEDULES, useChannels } from "@/shared/alerting/queries";
import { post } from "@/shared/api/http";
import type { Override, Schedule } from "@/shared/api/types";
import { localText } from "@/shared/format/time";
import { PickField, Row, TextField } from "@/shared/ui/Form";
import { SaveForm } from "./SaveForm";
import { useSaving } from "./useSaving";

const HOURS_MS = 8 * 3_600_000;

export function OverrideDialog({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const channels = useChannels().data ?? [];
  const [member, setMember] = useState("");
  const [from, setFrom] = useState(() => localText(Date.now()).slice(0, 16));
  const [to, setTo] = useState(() => localText(Date.now() + HOURS_MS).slice(0, 16));
  const saving = useSaving([...SCHEDULES, schedule.id], (whole: Omit<Override, "id" | "by">) => post(`${ALERTING}/schedules/{schedule_id}/overrides`, { schedule_id: schedule.id }, whole), onClose);
  const missing = !member ? "Choose who takes over." : !from || !to || from >= to ? "It ends after it begins." : undefined;
  return (
    <SaveForm title={`Take over in ${schedule.name}`} verb="Take over" saving={saving} missing={missing} onClose={onClose}
      onSave={() => saving.mutate({ member, from: new Date(from).toISOString(), to: new Date(to).toISOString() })}>
      <PickField label="Who" value={member} onPick={setMember} options={[["", "Choose…"], ...channels.map(({ name }) => [name, name] as const)]} hint="The channel that is called" />
      <Row>
        <TextField label="From" type="datetime-local" value={from} onText={setFrom} required />
        <TextField label="To" type="datetime-local" value={to} onText={setTo} required />
      </Row>
    </SaveForm>
  );
}
