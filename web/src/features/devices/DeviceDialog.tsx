/** Add a device. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "@/shared/api/http";
import { useSession } from "@/shared/api/session";
import type { Credential } from "@/shared/api/types";
import { PartField } from "@/shared/plant/PartField";
import { texts as plantTexts } from "@/shared/plant/texts";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, TextField } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";
import css from "./DevicesPage.module.css";
import { REGISTRY } from "./queries";
import { texts } from "./texts";

export function DeviceDialog({ onMade, onClose }: { onMade: (credential: Credential) => void; onClose: () => void }) {
  const t = texts();
  const own = useSession()?.scope ?? "";
  const [name, setName] = useState("");
  const [scope, setScope] = useState<string>();
  const making = useMutation({ mutationFn: () => post(`${REGISTRY}/devices`, {}, { name: name.trim(), scope: scope || own }), onSuccess: onMade });
  return (
    <Dialog title={t.add} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); making.mutate(); }}>
        <TextField label={t.name} value={name} onText={setName} placeholder={t.namePlaceholder} hint={t.nameHint} required maxLength={200} autoFocus />
        <PartField label={t.head.scope} value={scope} onPick={setScope} machines whole={own || plantTexts().wholePlant} />
        <p className={css["note"]}>{t.scopeHint}</p>
        {making.error && <Failure error={making.error} />}
        <Buttons>
          <Button onClick={onClose}>{words().cancel}</Button>
          <Button look="main" type="submit" disabled={making.isPending || !name.trim() || scope === undefined}>{t.add}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
