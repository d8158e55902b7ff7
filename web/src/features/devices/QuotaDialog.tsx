/** How many messages a second a device may send. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { patch } from "@/shared/api/http";
import type { Device } from "@/shared/api/types";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, TextField } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";
import { REGISTRY } from "./queries";
import { texts } from "./texts";

const MOST = 10_000_000;

export function QuotaDialog({ device, onSaved, onClose }: { device: Device; onSaved: () => void; onClose: () => void }) {
  const t = texts();
  const [typed, setTyped] = useState(String(device.quota));
  const quota = typed.trim() === "" ? null : Number(typed);
  const isWhole = quota === null || (Number.isInteger(quota) && quota >= 1 && quota <= MOST);
  const saving = useMutation({ mutationFn: () => patch(`${REGISTRY}/devices/{device_id}`, { device_id: device.id }, { quota }), onSuccess: onSaved });
  return (
    <Dialog title={t.changeQuota(device.name)} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); saving.mutate(); }}>
        <TextField label={t.quotaLabel} value={typed} onText={setTyped} inputMode="numeric" maxLength={9} aria-invalid={!isWhole} hint={isWhole ? t.quotaHint : <b>{t.quotaBad}</b>} autoFocus />
        {saving.error && <Failure error={saving.error} />}
        <Buttons>
          <Button onClick={onClose}>{words().cancel}</Button>
          <Button look="main" type="submit" disabled={!isWhole || saving.isPending}>{words().save}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
