/** People: who signs in, what they may do, and where. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { all, remove } from "@/shared/api/http";
import { useMay, useSession } from "@/shared/api/session";
import type { Person } from "@/shared/api/types";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Confirm";
import { Loaded, PageHead, Panel } from "@/shared/ui/Page";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Actions, Table, Two } from "@/shared/ui/Table";
import { PersonDialog } from "./PersonDialog";
import { PEOPLE, PEOPLE_URL, ROLE_TEXT } from "./roles";

type Open = { what: "edit"; person?: Person } | { what: "remove"; person: Person } | null;

export function PeoplePage() {
  const people = useQuery({ queryKey: PEOPLE, queryFn: ({ signal }) => all(PEOPLE_URL, { limit: 500 }, signal) });
  const mayEdit = useMay("admin");
  const [open, setOpen] = useState<Open>(null);
  const client = useQueryClient();
  const close = (): void => setOpen(null);
  return (
    <>
      <Trail here="People" />
      <PageHead title="People" hint="Who signs in, what they may do, and for which part of the plant.">
        {mayEdit && <Button look="main" onClick={() => setOpen({ what: "edit" })}><Plus size={18} aria-hidden />Add person</Button>}
      </PageHead>
      <Panel><Loaded query={people}>{(items) => <PeopleTable people={items} onOpen={setOpen} />}</Loaded></Panel>
      {open?.what === "edit" && <PersonDialog person={open.person} onClose={close} />}
      {open?.what === "remove" && (
        <Confirm title="Remove person" verb="Remove person" onClose={close}
          act={async () => { await remove(`${PEOPLE_URL}/{person_id}`, { person_id: open.person.id }); await client.invalidateQueries({ queryKey: PEOPLE }); }}>
          “{open.person.username}” is signed out everywhere at once and cannot sign in again. What they acknowledged stays in the journal.
        </Confirm>
      )}
    </>
  );
}

function PeopleTable({ people, onOpen }: { people: readonly Person[]; onOpen: (open: Open) => void }) {
  const me = useSession()?.name;
  return (
    <Table head={["Name", { text: "Role", look: "wide" }, "Part of the plant", { text: "Actions", look: "none" }]} label="People">
      {people.map((person) => (
        <tr key={person.id}>
          <td><b>{person.username}</b>{person.username === me && " (you)"}</td>
          <Two below={ROLE_TEXT[person.role].may}>{ROLE_TEXT[person.role].name}</Two>
          <td>{person.scope ? <PlantLink path={person.scope}>{person.scope}</PlantLink> : "the whole plant"}</td>
          <Actions>
            <Button look="quiet" aria-label={`Change ${person.username}`} title="Change" onClick={() => onOpen({ what: "edit", person })}><Pencil size={18} /></Button>
            {person.username !== me && (
              <Button look="quiet" aria-label={`Remove ${person.username}`} title="Remove" onClick={() => onOpen({ what: "remove", person })}><Trash2 size={18} /></Button>
            )}
          </Actions>
        </tr>
      ))}
    </Table>
  );
}
