/** The page of one machine type, by its short name in the address. */

import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ChevronRight, Trash2 } from "lucide-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { remove } from "@/shared/api/http";
import { useSession } from "@/shared/api/session";
import { TYPES, TYPES_URL, useTypeList } from "@/shared/model/types";
import type { MachineType } from "@/shared/plant/queries";
import { Allowed } from "@/shared/ui/Allowed";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Confirm";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons } from "@/shared/ui/Form";
import { Loaded, Note, PageHead, Panel } from "@/shared/ui/Page";
import { tell } from "@/shared/ui/tell";
import { words } from "@/shared/ui/texts";
import { texts } from "./texts";
import { TypeEditor } from "./TypeEditor";

export function TypePage() {
  const slug = useParams({ strict: false }).slug ?? "";
  const types = useTypeList();
  return (
    <Allowed role="engineer" title={texts().title}>
      <Loaded query={types}>{(all) => <Found type={all.find((type) => type.slug === slug)} />}</Loaded>
    </Allowed>
  );
}

function Found({ type }: { type: MachineType | undefined }) {
  const t = texts();
  const seesAll = useSession()?.scope === "";
  return (
    <>
      <Trail here={type?.name ?? t.gone}><li><ChevronRight size={14} aria-hidden /><Link to="/types">{t.title}</Link></li></Trail>
      <PageHead title={type?.name ?? t.gone} hint={type && `${type.slug} · ${t.ofMachines(type.machines)}`}>{type && seesAll && <Delete type={type} />}</PageHead>
      {!type && <Panel><Note><Link to="/types">{t.back}</Link></Note></Panel>}
      {type && !seesAll && <Panel><Note>{t.wholePlantOnly}</Note></Panel>}
      {type && seesAll && <TypeEditor key={type.slug} type={type} />}
    </>
  );
}

function Delete({ type: { slug, name, machines } }: { type: MachineType }) {
  const t = texts();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  const act = async (): Promise<void> => {
    await remove(`${TYPES_URL}/{slug}`, { slug });
    tell(t.removed(name));
    await navigate({ to: "/types" });
    await client.invalidateQueries({ queryKey: TYPES });
  };
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}><Trash2 size={18} aria-hidden />{t.remove}</Button>
      {isOpen && machines > 0 && (
        <Dialog title={t.removeTitle(name)} onClose={close}>
          <p>{t.inUse(machines)}</p>
          <Buttons><Button look="main" onClick={close}>{words().close}</Button></Buttons>
        </Dialog>
      )}
      {isOpen && machines === 0 && <Confirm title={t.removeTitle(name)} verb={t.remove} act={act} onClose={close}>{t.removeText}</Confirm>}
    </>
  );
}
