/** All saved views one finds: opened, renamed, shared, copied, deleted. */

import { useState } from "react";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Loaded, Note, PageHead, Panel } from "@/shared/ui/Page";
import { Table } from "@/shared/ui/Table";
import { inOrder, useViews, type View } from "./queries";
import { RenameDialog } from "./RenameDialog";
import { texts } from "./texts";
import { ViewRow } from "./ViewRow";

export function ViewsPage() {
  const views = useViews();
  const [renaming, setRenaming] = useState<View>();
  const { title, hint, none, head } = texts();
  return (
    <>
      <Trail here={title} />
      <PageHead title={title} hint={hint} />
      <Panel>
        <Loaded query={views}>
          {(found) => found.length === 0 ? <Note>{none}</Note> : (
            <Table label={title} head={[head.name, head.who, { text: head.deeds, look: "none" }]} cards>
              {inOrder(found).map((view) => <ViewRow key={view.id} view={view} onRename={() => setRenaming(view)} />)}
            </Table>
          )}
        </Loaded>
      </Panel>
      {renaming && <RenameDialog view={renaming} onClose={() => setRenaming(undefined)} />}
    </>
  );
}
