/** A dialog with a form, what is wrong with it, and the buttons below. */

import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";

interface Props {
  title: string;
  verb: string;
  saving: { isPending: boolean; error: unknown };
  /** What still keeps it from being saved. */
  missing?: string | undefined;
  wide?: boolean;
  onSave: () => void;
  onClose: () => void;
  children: React.ReactNode;
}

export function SaveForm({ title, verb, saving, missing, wide = false, onSave, onClose, children }: Props) {
  return (
    <Dialog title={title} onClose={onClose} wide={wide}>
      <form onSubmit={(e) => { e.preventDefault(); onSave(); }}>
        {children}
        {missing && <p role="status">{missing}</p>}
        {saving.error !== null && <Failure error={saving.error} />}
        <Buttons>
          <Button onClick={onClose}>{words().cancel}</Button>
          <Button look="main" type="submit" disabled={saving.isPending || Boolean(missing)}>{verb}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
