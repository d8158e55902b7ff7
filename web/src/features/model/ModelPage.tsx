/** The plant model: the tree of places, and the one that is chosen to be edited. */

import { Link } from "@tanstack/react-router";
import { ChevronLeft, Download, Plus, Upload } from "lucide-react";
import { useState } from "react";
import { useSession } from "@/shared/api/session";
import { usePlant } from "@/shared/plant/queries";
import { useTypeList, useTypeSensors } from "@/shared/model/types";
import { texts as plantTexts } from "@/shared/plant/texts";
import type { Tree } from "@/shared/plant/tree";
import { Allowed } from "@/shared/ui/Allowed";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { Loaded, Note, PageHead, Panel } from "@/shared/ui/Page";
import { AddDialog } from "./AddDialog";
import css from "./ModelPage.module.css";
import { PlaceEditor } from "./PlaceEditor";
import { PlaceTree } from "./PlaceTree";
import { PlantFileDialog } from "./PlantFileDialog";
import { plantYaml } from "./plantfile";
import { texts } from "./texts";
import type { ModelView } from "./view";

interface Props {
  view: ModelView;
  onView: (view: ModelView) => void;
}

export function ModelPage({ view, onView }: Props) {
  const { title, hint } = texts();
  const plant = usePlant();
  return (
    <Allowed role="engineer" title={title}>
      <Trail here={title} />
      <PageHead title={title} hint={hint}>{plant.data && <Doings plant={plant.data} onView={onView} />}</PageHead>
      <Loaded query={plant}>{(tree) => <Model plant={tree} at={view.at ?? ""} onPick={(at) => onView(at ? { at } : {})} />}</Loaded>
    </Allowed>
  );
}

/** What concerns the plant as a whole, for those who see it all. */
function Doings({ plant, onView }: { plant: Tree; onView: Props["onView"] }) {
  const t = texts();
  const seesAll = useSession()?.scope === "";
  const types = useTypeList().data;
  const [open, setOpen] = useState<"add" | "import">();
  const close = (): void => setOpen(undefined);
  return (
    <>
      {types && <Button onClick={() => save(plantYaml(plant.sites, types))}><Download size={18} aria-hidden />{t.exportFile}</Button>}
      <Button onClick={() => setOpen("import")}><Upload size={18} aria-hidden />{t.importFile}</Button>
      {seesAll && <Button look="main" onClick={() => setOpen("add")}><Plus size={18} aria-hidden />{t.add.site}</Button>}
      {open === "add" && <AddDialog kind="site" parent={undefined} siblings={plant.sites} onAdded={(at) => { close(); onView({ at }); }} onClose={close} />}
      {open === "import" && <PlantFileDialog onClose={close} />}
    </>
  );
}

function save(yaml: string): void {
  const file = URL.createObjectURL(new Blob([yaml], { type: "application/yaml" }));
  Object.assign(document.createElement("a"), { href: file, download: "plant.yaml" }).click();
  URL.revokeObjectURL(file);
}

function Model({ plant, at, onPick }: { plant: Tree; at: string; onPick: (at: string) => void }) {
  const t = texts();
  if (plant.sites.length === 0) return <Panel><Note>{t.empty}</Note></Panel>;
  return (
    <div className={`${css["page"]} ${at ? css["chosen"] : ""}`}>
      <div className={css["side"]}><PlaceTree plant={plant} at={at} onPick={onPick} /></div>
      <div>
        {at && <Link to="/model" search={{}} className={css["back"]}><ChevronLeft size={18} aria-hidden />{t.back}</Link>}
        <Chosen plant={plant} at={at} onPick={onPick} />
      </div>
    </div>
  );
}

function Chosen({ plant, at, onPick }: { plant: Tree; at: string; onPick: (at: string) => void }) {
  const types = useTypeSensors();
  const node = plant.byPath.get(at);
  const t = texts();
  if (at && !node) return <Panel><Note>{t.gone}</Note></Panel>;
  if (node && types) return <PlaceEditor key={node.id} node={node} types={types} onPick={onPick} />;
  if (node) return null;
  const sensors = plant.machines.reduce((sum, machine) => sum + machine.sensors.length, 0);
  return <Panel title={t.summary(t.sites(plant.sites.length), plantTexts().machines(plant.machines.length), t.sensors(sensors))}><Note>{t.choose}</Note></Panel>;
}
