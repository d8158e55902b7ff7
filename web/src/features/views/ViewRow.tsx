/** One saved view. */

import { Link as Chain, Pencil, Share2, Trash2 } from "lucide-react";
import { Link } from "@tanstack/react-router";
import { may, useSession } from "@/shared/api/session";
import { Button } from "@/shared/ui/Button";
import { Actions, Two } from "@/shared/ui/Table";
import { tell, tellError } from "@/shared/ui/tell";
import { linkOf } from "./address";
import { useViewDeeds, type View } from "./queries";
import { texts } from "./texts";

async function copy(view: View): Promise<void> {
  try {
    await navigator.clipboard.writeText(linkOf(view.address));
    tell(texts().copied);
  } catch {
    // Not allowed, or no secure address: the link itself can still be copied by hand.
    tellError(texts().notCopied, new Error(linkOf(view.address)));
  }
}

export function ViewRow({ view, onRename }: { view: View; onRename: () => void }) {
  const who = useSession();
  const { save, change, discard } = useViewDeeds();
  const { own, by, shared, rename, copy: copyIt, remove, shareIt, unshare, deleted, notDeleted, notShared } = texts();
  const { name, mine } = view;
  const toggle = (): void => void change(view, { shared: !view.shared }).catch((error: unknown) => tellError(notShared, error));
  const drop = async (): Promise<void> => {
    try {
      await discard(view);
      // Another's view would come back as one's own.
      tell(deleted(name), mine ? { undo: () => save(view) } : {});
    } catch (error) {
      tellError(notDeleted, error);
    }
  };
  return (
    <tr>
      <Two wide below={view.address}><Link to={view.address as "/"}>{name}</Link></Two>
      <td>{!mine ? by(view.owner) : view.shared ? shared : own}</td>
      <Actions>
        <Button look="quiet" aria-label={copyIt(name)} title={copyIt(name)} onClick={() => void copy(view)}><Chain size={18} /></Button>
        {mine && may(who, "operator") && <Button look="quiet" aria-pressed={view.shared} aria-label={view.shared ? unshare(name) : shareIt(name)} title={view.shared ? unshare(name) : shareIt(name)} onClick={toggle}><Share2 size={18} /></Button>}
        {mine && <Button look="quiet" aria-label={rename(name)} title={rename(name)} onClick={onRename}><Pencil size={18} /></Button>}
        {(mine || may(who, "admin")) && <Button look="quiet" aria-label={remove(name)} title={remove(name)} onClick={() => void drop()}><Trash2 size={18} /></Button>}
      </Actions>
    </tr>
  );
}
