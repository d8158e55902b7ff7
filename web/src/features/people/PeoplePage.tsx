/** People: who signs in, what they may do, and where. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { LogOut, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { all, remove } from "@/shared/api/http";
import { useSession } from "@/shared/api/session";
import type { Person } from "@/shared/api/types";
import { texts as plantTexts } from "@/shared/plant/texts";
import { Allowed } from "@/shared/ui/Allowed";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Confirm";
import { Loaded, PageHead, Panel } from "@/shared/ui/Page";
import { Path } from "@/shared/ui/Path";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Actions, Table, Two } from "@/shared/ui/Table";
import { tell } from "@/shared/ui/tell";
import { words } from "@/shared/ui/texts";
import { OwnDialog, PersonDialog } from "./PersonDialog";
import { PEOPLE, PEOPLE_URL } from "./roles";
import { texts } from "./texts";

type Open = { what: "add" } | { what: "edit" | "own" | "remove" | "sign-out"; person: Person } | null;

export const PeoplePage = () => <Allowed role="admin" title={texts().title}><People /></Allowed>;

function People() {
  const { title, hint, add } = texts();
  const people = useQuery({ queryKey: PEOPLE, queryFn: ({ signal }) => all(PEOPLE_URL, { limit: 500 }, signal) });
  const [open, setOpen] = useState<Open>(null);
  return (
    <>
      <Trail here={title} />
      <PageHead title={title} hint={hint}><Button look="main" onClick={() => setOpen({ what: "add" })}><Plus size={18} aria-hidden />{add}</Button></PageHead>
      <Panel><Loaded query={people}>{(items) => <PeopleTable people={items} onOpen={setOpen} />}</Loaded></Panel>
      <Opened open={open} taken={(people.data ?? []).map(({ username }) => username)} onClose={() => setOpen(null)} />
    </>
  );
}

function Opened({ open, taken, onClose }: { open: Open; taken: readonly string[]; onClose: () => void }) {
  const t = texts();
  const client = useQueryClient();
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: PEOPLE });
  if (!open) return null;
  if (open.what === "add") return <PersonDialog taken={taken} onClose={onClose} />;
  const { id: person_id, username, sessions } = open.person;
  switch (open.what) {
    case "edit": return <PersonDialog person={open.person} taken={taken} onClose={onClose} />;
    case "own": return <OwnDialog person={open.person} onClose={onClose} />;
    case "remove": return (
      <Confirm title={t.removeTitle} verb={t.removeTitle} onClose={onClose} act={async () => { await remove(`${PEOPLE_URL}/{person_id}`, { person_id }); await refresh(); }}>
        {t.removeText(username)}
      </Confirm>
    );
    default: return (
      <Confirm title={t.signOutTitle} verb={t.signOutTitle} onClose={onClose} act={async () => { await remove(`${PEOPLE_URL}/{person_id}/sessions`, { person_id }); tell(t.signedOut(username)); await refresh(); }}>
        {t.signOutText(username, t.sessions(sessions))}
      </Confirm>
    );
  }
}

function PeopleTable({ people, onOpen }: { people: readonly Person[]; onOpen: (open: Open) => void }) {
  const { head, title } = texts();
  const me = useSession()?.name;
  return (
    <Table head={[head.name, { text: head.role, look: "wide" }, head.part, head.sessions, { text: head.actions, look: "none" }]} label={title} cards>
      {people.map((person) => <Row key={person.id} person={person} isMe={person.username === me} onOpen={onOpen} />)}
    </Table>
  );
}

function Row({ person, isMe, onOpen }: { person: Person; isMe: boolean; onOpen: (open: Open) => void }) {
  const t = texts();
  const { username, role, scope, sessions } = person;
  return (
    <tr>
      <td><b>{username}</b>{isMe && ` ${t.you}`}</td>
      <Two below={t.may[role]}>{words().roles[role]}</Two>
      <td>{scope ? <PlantLink path={scope}><Path text={scope} /></PlantLink> : plantTexts().wholePlant}</td>
      <td>{t.sessions(sessions)}</td>
      <Actions>
        <Button look="quiet" aria-label={t.change(username)} title={t.change(username)} onClick={() => onOpen({ what: isMe ? "own" : "edit", person })}><Pencil size={18} aria-hidden /></Button>
        {!isMe && (
          <>
            <Button look="quiet" aria-label={t.signOut(username)} title={t.signOut(username)} disabled={sessions === 0} onClick={() => onOpen({ what: "sign-out", person })}><LogOut size={18} aria-hidden /></Button>
            <Button look="quiet" aria-label={t.remove(username)} title={t.remove(username)} onClick={() => onOpen({ what: "remove", person })}><Trash2 size={18} aria-hidden /></Button>
          </>
        )}
      </Actions>
    </tr>
  );
}
