/** A panel of things that are kept by name: listed, made, changed and removed. */

import { useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useMay, useSession } from "@/shared/api/session";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Confirm";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";
import { texts } from "./texts";

interface Named {
  id: string;
  name: string;
}

/** What is said of them. */
interface Words {
  title: string;
  make: string;
  forget: string;
  empty: string;
  /** What follows when one is gone. */
  gone: string;
}

interface Props<T extends Named> {
  say: Words;
  forget: (id: string) => Promise<unknown>;
  queryKey: readonly string[];
  query: React.ComponentProps<typeof Loaded<T[]>>["query"];
  dialog: (item: T | undefined, close: () => void) => React.ReactNode;
  /** `actions` gives the buttons of one of them. */
  children: (items: readonly T[], actions: (item: T) => React.ReactNode) => React.ReactNode;
}

/** Plans serve every part of the plant: engineers of all of it write them. */
export function useMayPlan(): boolean {
  const isEngineer = useMay("engineer");
  const seesAll = useSession()?.scope === "";
  return isEngineer && seesAll;
}

export function Kept<T extends Named>({ say, forget, queryKey, query, dialog, children }: Props<T>) {
  const mayEdit = useMayPlan();
  const client = useQueryClient();
  const [editing, setEditing] = useState<{ item?: T }>();
  const [removing, setRemoving] = useState<T>();
  const actions = (item: T): React.ReactNode => mayEdit && (
    <>
      <Button look="quiet" aria-label={texts().changeOne(item.name)} title={texts().change} onClick={() => setEditing({ item })}><Pencil size={18} /></Button>
      <Button look="quiet" aria-label={texts().removeOne(item.name)} title={words().remove} onClick={() => setRemoving(item)}><Trash2 size={18} /></Button>
    </>
  );
  return (
    <Panel title={say.title} actions={mayEdit && <Button onClick={() => setEditing({})}><Plus size={18} aria-hidden />{say.make}</Button>}>
      <Loaded query={query}>{(items) => (items.length === 0 ? <Note>{say.empty}</Note> : children(items, actions))}</Loaded>
      {editing && dialog(editing.item, () => setEditing(undefined))}
      {removing && (
        <Confirm title={say.forget} verb={say.forget} onClose={() => setRemoving(undefined)}
          act={async () => { await forget(removing.id); await client.invalidateQueries({ queryKey }); }}>
          {say.gone} {texts().named}
        </Confirm>
      )}
    </Panel>
  );
}
