/** Labels to be printed and stuck on machines: name, place, and the code that opens the form of the machine. */

import { Printer } from "lucide-react";
import { useMemo } from "react";
import { addressOf, isReachable } from "@/features/enter/label";
import { PartField } from "@/shared/plant/PartField";
import { usePlant } from "@/shared/plant/queries";
import { isBelow, trail, type Node, type Tree } from "@/shared/plant/tree";
import { Allowed } from "@/shared/ui/Allowed";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { Row, TextField } from "@/shared/ui/Form";
import { Loaded, Note, PageHead, Panel } from "@/shared/ui/Page";
import { Path } from "@/shared/ui/Path";
import { codeOf } from "./code";
import css from "./Labels.module.css";
import { texts } from "./texts";
import type { LabelsView } from "./view";

interface Props {
  view: LabelsView;
  onView: (view: LabelsView) => void;
}

export function LabelsPage({ view, onView }: Props) {
  const { title } = texts();
  const plant = usePlant();
  return (
    <Allowed role="operator" title={title}>
      <Loaded query={plant}>{(tree) => <Labels tree={tree} view={view} onView={onView} />}</Loaded>
    </Allowed>
  );
}

const isAddress = (base: string): boolean => /^https?:\/\//.test(base) && URL.canParse(base);

/** What is to be thought of an address; it may have come in a link that somebody else wrote. */
const said = (base: string): string => {
  const { baseHint, unreachable, noAddress, elsewhere } = texts();
  if (!isAddress(base)) return noAddress;
  if (!isReachable(base)) return unreachable;
  return new URL(base).origin === location.origin ? baseHint : elsewhere;
};

function Labels({ tree, view, onView }: Props & { tree: Tree }) {
  const t = texts();
  const base = view.base ?? location.origin;
  const machines = tree.machines.filter(({ path }) => isBelow(path, view.under ?? ""));
  const printable = isAddress(base) ? machines : [];
  return (
    <>
      <div className={css["choose"]}>
        <Trail here={t.title} />
        <PageHead title={t.title} hint={t.hint}>
          <Button look="main" onClick={() => window.print()} disabled={printable.length === 0}><Printer size={18} aria-hidden />{t.print(printable.length)}</Button>
        </PageHead>
        <Panel>
          <Row>
            <PartField value={view.under ?? ""} machines onPick={(under) => onView({ ...view, under: under || undefined })} />
            <TextField label={t.base} value={base} onText={(typed) => onView({ ...view, base: typed || undefined })} inputMode="url" spellCheck={false} hint={said(base)} />
          </Row>
        </Panel>
      </div>
      {machines.length === 0 && <Note>{t.none}</Note>}
      {printable.length > 0 && (
        <ul className={css["sheet"]} aria-label={t.sheet}>
          {printable.map((machine) => <Label key={machine.path} tree={tree} machine={machine} base={base} />)}
        </ul>
      )}
    </>
  );
}

function Label({ tree, machine, base }: { tree: Tree; machine: Node; base: string }) {
  const { size, path } = useMemo(() => codeOf(addressOf(base, machine.id)), [base, machine.id]);
  const name = machine.name || machine.slug;
  return (
    <li className={css["label"]}>
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={texts().codeOf(name)} shapeRendering="crispEdges"><path d={path} /></svg>
      <div>
        <b>{name}</b>
        <span>{trail(tree, machine.path).slice(0, -1).map((n) => n.name || n.slug).join(" › ")}</span>
        <code><Path text={machine.path} /></code>
      </div>
    </li>
  );
}
