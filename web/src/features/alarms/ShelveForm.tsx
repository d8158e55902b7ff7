/** For how long alarms are shelved, and why. */

import { useState } from "react";
import type { Alarm } from "@/shared/api/types";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, PickField, TextArea } from "@/shared/ui/Form";
import { words } from "@/shared/ui/texts";
import css from "./AlarmDialog.module.css";
import { LENGTHS } from "./deeds";
import { texts } from "./texts";

interface Props {
  busy?: boolean;
  onShelve: (said: { for: string; reason: string }) => void;
  onCancel: () => void;
}

export function ShelveForm({ busy = false, onShelve, onCancel }: Props) {
  const [length, setLength] = useState<string>("8h");
  const [reason, setReason] = useState("");
  const say = texts();
  return (
    <form className={css["form"]} aria-label={say.acts.shelve} onSubmit={(e) => { e.preventDefault(); onShelve({ for: length, reason: reason.trim() }); }}>
      <PickField label={say.lengthOf} value={length} onPick={setLength} options={LENGTHS.map((one) => [one, say.lengths[one]] as const)} />
      <TextArea label={say.reason} hint={say.shelveHint} value={reason} onText={setReason} required maxLength={2000} autoFocus />
      <Buttons>
        <Button onClick={onCancel}>{words().cancel}</Button>
        <Button look="main" type="submit" disabled={busy || !reason.trim()}>{say.acts.shelve}</Button>
      </Buttons>
    </form>
  );
}

export const ShelveDialog = ({ alarms, onShelve, onClose }: { alarms: readonly Alarm[]; onShelve: Props["onShelve"]; onClose: () => void }) => (
  <Dialog title={texts().shelveTitle(alarms.length)} onClose={onClose}><ShelveForm onShelve={onShelve} onCancel={onClose} /></Dialog>
);
