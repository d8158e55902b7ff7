/** Put somebody on call instead. */

import { useState } from "react";
import { ALERTING, SCHEDULES, useChannels } from "@/shared/alerting/queries";
import { post } from "@/shared/api/http";
import type { Override, Schedule } from "@/shared/api/types";
import { timeZone } from "@/shared/format/time";
import { ComboField } from "@/shared/ui/ComboField";
import { Row, TextField } from "@/shared/ui/Form";
import { dutyTexts } from "./dutyTexts";
import css from "./OnCallPage.module.css";
import { isoOf } from "./plans";
import { SaveForm } from "./SaveForm";
import { useOwnNames } from "./shifts";
import { StretchButtons } from "./StretchButtons";
import { nextHours, typed } from "./stretches";
import { texts } from "./texts";
import { useSaving } from "./useSaving";

const HOURS = 8;

export function OverrideDialog({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const t = texts().schedules;
  const channels = useChannels().data ?? [];
  const [own = ""] = useOwnNames();
  const [member, setMember] = useState(own);
  const [{ from, to }, setSpan] = useState(() => typed(nextHours(Date.now(), HOURS)));
  const saving = useSaving([...SCHEDULES, schedule.id], (whole: Omit<Override, "id" | "by">) => post(`${ALERTING}/schedules/{schedule_id}/overrides`, { schedule_id: schedule.id }, whole), onClose);
  const missing = !member ? t.chooseWho : !from || !to || from >= to ? texts().endsAfter : undefined;
  return (
    <SaveForm title={t.takeOverIn(schedule.name)} verb={t.takeOver} saving={saving} missing={missing} onClose={onClose}
      onSave={() => saving.mutate({ member, from: isoOf(from), to: isoOf(to) })}>
      <ComboField label={t.who} value={member} onPick={setMember} placeholder={texts().choose} choices={channels.map(({ name }) => ({ value: name, text: name }))} />
      <StretchButtons hours={[HOURS]} nights from={from} to={to} onPick={setSpan} />
      <Row>
        <TextField label={texts().from} type="datetime-local" value={from} onText={(text) => setSpan({ from: text, to })} required />
        <TextField label={texts().to} type="datetime-local" value={to} onText={(text) => setSpan({ from, to: text })} required />
      </Row>
      {timeZone() !== schedule.zone && <p className={css["soft"]}>{dutyTexts().clockOf(timeZone())}</p>}
    </SaveForm>
  );
}
