/** One place of the plant: what it is called, what it measures, what hangs on it. Nothing changes before it is saved. */

import { ExternalLink, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { arePapersWhole } from "@/shared/model/papers";
import { PapersField } from "@/shared/model/PapersField";
import { SaveBar } from "@/shared/model/SaveBar";
import { SensorTable, type Source } from "@/shared/model/SensorTable";
import { withSensor } from "@/shared/model/sensors";
import { fieldWords, texts as modelTexts } from "@/shared/model/texts";
import { texts as plantTexts } from "@/shared/plant/texts";
import type { Node } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { TextField } from "@/shared/ui/Form";
import { Panel } from "@/shared/ui/Page";
import { Path } from "@/shared/ui/Path";
import { PlantLink } from "@/shared/ui/PlantLink";
import { tell } from "@/shared/ui/tell";
import { AddDialog, TypeField } from "./AddDialog";
import { DeleteDialog } from "./DeleteDialog";
import { LabelsField } from "./LabelsField";
import css from "./ModelPage.module.css";
import { changesOf, isLabelBad, kindBelow, ofType, patchOf, placeOf, sensorsOf, type PlaceDraft, type TypeSensors } from "./place";
import { texts } from "./texts";
import { useRefresh, useSaving } from "./useModel";

interface Props {
  node: Node;
  types: TypeSensors;
  onPick: (path: string) => void;
}

const isWhole = ({ name, labels, documents }: PlaceDraft): boolean => name.trim() !== "" && !labels.some((label) => isLabelBad(label, labels)) && arePapersWhole(documents);

export function PlaceEditor({ node, types, onPick }: Props) {
  // What one began with stays, whatever others save meanwhile: it is held against theirs when this is saved.
  const [edit, setEdit] = useState<{ seen: Node; draft: PlaceDraft }>();
  const seen = edit?.seen ?? node;
  const before = placeOf(seen, types);
  const now = edit?.draft ?? before;
  const set = (more: Partial<PlaceDraft>): void => setEdit({ seen, draft: { ...now, ...more } });
  const { type, label, document, general } = texts();
  const changes = edit ? changesOf(before, now, types, { ...fieldWords(), type, label, document }) : [];
  const saving = useSaving(seen, ({ warnings }) => {
    setEdit(undefined);
    tell([modelTexts().saved, ...warnings].join(". "));
  });
  const refresh = useRefresh();
  const save = { ...saving, mutate: () => saving.mutate(patchOf(before, now, node.kind)) };
  return (
    <>
      <Head node={node} onPick={onPick} />
      <Panel title={general}>
        <TextField label={texts().name} value={now.name} onText={(name) => set({ name })} required maxLength={200} />
        {node.kind === "machine" && <TypeField value={now.type} onPick={(slug) => set({ type: slug })} hint={now.type === before.type ? texts().typeHint : texts().typeLoses} />}
        <LabelsField labels={now.labels} onLabels={(labels) => set({ labels })} />
      </Panel>
      {node.kind === "machine" && <Panel title={modelTexts().sensors}><Sensors draft={now} stored={node.sensors.map(({ key }) => key)} types={types} onDraft={set} /></Panel>}
      <Panel title={modelTexts().documents}><PapersField papers={now.documents} onPapers={(documents) => set({ documents })} /></Panel>
      <SaveBar changes={changes} isWhole={isWhole(now)} saving={save} onDiscard={() => { saving.reset(); setEdit(undefined); void refresh(); }} />
    </>
  );
}

function Head({ node, onPick }: Pick<Props, "node" | "onPick">) {
  const t = texts();
  const [open, setOpen] = useState<"add" | "delete">();
  const below = kindBelow(node.kind);
  const close = (): void => setOpen(undefined);
  return (
    <Panel title={`${plantTexts().kinds[node.kind]} ${node.name}`} actions={
      <div>
        {below && <Button onClick={() => setOpen("add")}><Plus size={18} aria-hidden />{t.add[below]}</Button>}
        <Button look="quiet" onClick={() => setOpen("delete")}><Trash2 size={18} aria-hidden />{t.remove}</Button>
      </div>
    }>
      <dl className={css["facts"]}>
        <dt>{t.path}</dt><dd><PlantLink path={node.path} title={t.open}><Path text={node.path} /> <ExternalLink size={14} aria-hidden /></PlantLink></dd>
        {node.kind === "machine" && <><dt>{t.topic}</dt><dd><code><Path text={`factory/${node.path}`} /></code></dd></>}
        <dt>{t.id}</dt><dd><code>{node.id}</code></dd>
      </dl>
      <p className={css["soft"]}>{t.fixed}</p>
      {open === "add" && below && <AddDialog kind={below} parent={node} siblings={node.children} onAdded={(path) => { close(); onPick(path); }} onClose={close} />}
      {open === "delete" && <DeleteDialog node={node} onDeleted={onPick} onClose={close} />}
    </Panel>
  );
}

interface SensorsProps {
  draft: PlaceDraft;
  stored: readonly string[];
  types: TypeSensors;
  onDraft: (more: Partial<PlaceDraft>) => void;
}

function Sensors({ draft, stored, types, onDraft }: SensorsProps) {
  const base = ofType(types, draft.type);
  const isOfType = (key: string): boolean => base.some((sensor) => sensor.key === key);
  const isOwn = (key: string): boolean => draft.own.some((sensor) => sensor.key === key);
  const sourceOf = (key: string): Source => (!isOfType(key) ? "own" : isOwn(key) ? "changed" : "type");
  return (
    <SensorTable sensors={sensorsOf(draft, types)} sourceOf={sourceOf} stored={new Set(stored)} none={texts().noSensors}
      onChange={(sensor) => onDraft({ own: withSensor(draft.own, base, sensor) })} onRemove={(key) => onDraft({ own: draft.own.filter((one) => one.key !== key) })} />
  );
}
