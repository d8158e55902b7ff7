/** Name a view, and choose who finds it. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "@/shared/api/session";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, TextField, Tick } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { tell } from "@/shared/ui/tell";
import { words } from "@/shared/ui/texts";
import { useViewDeeds } from "./queries";
import css from "./SaveDialog.module.css";
import { texts } from "./texts";

/** What the tab is called, without the count and the product. */
const title = (): string => document.title.replace(/^\(\d+\) /, "").replace(/ · Andon$/, "");

export default function SaveDialog({ address, onClose }: { address: string; onClose: () => void }) {
  const [name, setName] = useState(title);
  const [shared, setShared] = useState(false);
  const mayShare = useMay("operator");
  const { save } = useViewDeeds();
  const { saveTitle, name: label, share, saved } = texts();
  const saving = useMutation({
    mutationFn: () => save({ name: name.trim(), address, shared }),
    onSuccess: () => {
      tell(saved(name.trim()));
      onClose();
    },
  });
  return (
    <Dialog title={saveTitle} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); saving.mutate(); }}>
        <TextField label={label} value={name} onText={setName} autoFocus required maxLength={200} hint={<code className={css["address"]}>{address}</code>} />
        {mayShare && <Tick text={share} checked={shared} onTick={setShared} />}
        {saving.error && <Failure error={saving.error} />}
        <Buttons>
          <Button onClick={onClose}>{words().cancel}</Button>
          <Button look="main" type="submit" disabled={!name.trim() || saving.isPending}>{words().save}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
