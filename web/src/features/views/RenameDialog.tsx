/** Another name for a view. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, TextField } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";
import { useViewDeeds, type View } from "./queries";
import { texts } from "./texts";

export function RenameDialog({ view, onClose }: { view: View; onClose: () => void }) {
  const [name, setName] = useState(view.name);
  const { change } = useViewDeeds();
  const saving = useMutation({ mutationFn: () => change(view, { name: name.trim() }), onSuccess: onClose });
  return (
    <Dialog title={texts().renameTitle} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); saving.mutate(); }}>
        <TextField label={texts().name} value={name} onText={setName} autoFocus required maxLength={200} />
        {saving.error && <Failure error={saving.error} />}
        <Buttons>
          <Button onClick={onClose}>{words().cancel}</Button>
          <Button look="main" type="submit" disabled={!name.trim() || saving.isPending}>{words().save}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
