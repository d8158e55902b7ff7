/** All machine types: how much each decides, and for how many machines. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { put } from "@/shared/api/http";
import { useSession } from "@/shared/api/session";
import { countText } from "@/shared/format/number";
import { isSlug, slugOf } from "@/shared/model/draft";
import { texts as modelTexts } from "@/shared/model/texts";
import { TYPES, TYPES_URL, useTypeList } from "@/shared/model/types";
import type { MachineType } from "@/shared/plant/queries";
import { Allowed } from "@/shared/ui/Allowed";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, TextField } from "@/shared/ui/Form";
import { Failure, Loaded, Note, PageHead, Panel } from "@/shared/ui/Page";
import { Num, Table, Two } from "@/shared/ui/Table";
import { words } from "@/shared/ui/texts";
import { texts } from "./texts";
import css from "./Types.module.css";

export function TypesPage() {
  const t = texts();
  const types = useTypeList();
  const seesAll = useSession()?.scope === "";
  const [isOpen, setOpen] = useState(false);
  return (
    <Allowed role="engineer" title={t.title}>
      <Trail here={t.title} />
      <PageHead title={t.title} hint={seesAll ? t.hint : `${t.hint} ${t.wholePlantOnly}`}>
        {seesAll && <Button look="main" onClick={() => setOpen(true)}><Plus size={18} aria-hidden />{t.add}</Button>}
      </PageHead>
      <Panel><Loaded query={types}>{(all) => (all.length === 0 ? <Note>{t.empty}</Note> : <TypeTable types={all} />)}</Loaded></Panel>
      {isOpen && <AddType taken={(types.data ?? []).map(({ slug }) => slug)} onClose={() => setOpen(false)} />}
    </Allowed>
  );
}

function TypeTable({ types }: { types: readonly MachineType[] }) {
  const { head, sections, title } = texts();
  const num = (text: string) => ({ text, look: "num" as const });
  return (
    <Table head={[{ text: head.type, look: "wide" }, num(head.sensors), head.page, num(head.documents), num(head.machines)]} label={title} cards>
      {types.map(({ slug, name, sensors, page, documents, machines }) => (
        <tr key={slug}>
          <Two below={slug}><Link to="/types/$slug" params={{ slug }} className={css["link"]}>{name}</Link></Two>
          <Num><Named name={head.sensors} />{countText(sensors.length)}</Num>
          <td><Named name={head.page} />{sections(page.sections.length)}</td>
          <Num><Named name={head.documents} />{countText(documents.length)}</Num>
          <Num><Named name={head.machines} />{countText(machines)}</Num>
        </tr>
      ))}
    </Table>
  );
}

/** On a phone rows are cards, where no head stands above. */
const Named = ({ name }: { name: string }) => <small className={css["named"]}>{name} </small>;

function AddType({ taken, onClose }: { taken: readonly string[]; onClose: () => void }) {
  const t = texts();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [typed, setTyped] = useState<string>();
  const slug = typed ?? slugOf(name);
  const fault = slug === "" ? "" : !isSlug(slug) ? modelTexts().slugBad : taken.includes(slug) ? t.slugTaken : "";
  const adding = useMutation({
    mutationFn: () => put(`${TYPES_URL}/{slug}`, { slug }, { name: name.trim() }),
    onSuccess: () => client.invalidateQueries({ queryKey: TYPES }),
  });
  // Whoever has closed this meanwhile stays where they are.
  const add = (): void => adding.mutate(undefined, { onSuccess: () => void navigate({ to: "/types/$slug", params: { slug } }) });
  return (
    <Dialog title={t.addTitle} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); add(); }}>
        <TextField label={t.name} value={name} onText={setName} required maxLength={200} autoFocus />
        <TextField label={t.slug} value={slug} onText={setTyped} required maxLength={63} spellCheck={false} autoCapitalize="none" aria-invalid={fault !== ""} hint={fault ? <span className={css["bad"]}>{fault}</span> : t.slugHint} />
        {adding.error && <Failure error={adding.error} />}
        <Buttons>
          <Button onClick={onClose}>{words().cancel}</Button>
          <Button look="main" type="submit" disabled={!name.trim() || !slug || fault !== "" || adding.isPending}>{t.add}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
