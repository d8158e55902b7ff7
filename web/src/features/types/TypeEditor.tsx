/** One machine type: its sensors, the page of its machines, its documents. Nothing changes before it is saved. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, put } from "@/shared/api/http";
import { requireSame } from "@/shared/model/meanwhile";
import { arePapersWhole } from "@/shared/model/papers";
import { PapersField } from "@/shared/model/PapersField";
import { SaveBar } from "@/shared/model/SaveBar";
import { SensorTable } from "@/shared/model/SensorTable";
import { replaced, type Plain } from "@/shared/model/sensors";
import { fieldWords, texts as modelTexts } from "@/shared/model/texts";
import { TYPES, TYPES_URL } from "@/shared/model/types";
import { usePlant, type MachineType } from "@/shared/plant/queries";
import { listText } from "@/shared/texts/catalogue";
import { TextField } from "@/shared/ui/Form";
import { Panel } from "@/shared/ui/Page";
import { PlantLink } from "@/shared/ui/PlantLink";
import { tell } from "@/shared/ui/tell";
import { Preview } from "./Preview";
import { fitting, isSectionWhole } from "./sections";
import { SectionsField } from "./SectionsField";
import { bodyOf, changesOf, draftOf, type TypeDraft } from "./type";
import css from "./Types.module.css";
import { texts } from "./texts";

function useSavingType(seen: MachineType, onSaved: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (draft: TypeDraft): Promise<MachineType> => {
      requireSame(seen, await get(`${TYPES_URL}/{slug}`, { slug: seen.slug }), ["name", "sensors", "page", "documents"]);
      return put(`${TYPES_URL}/{slug}`, { slug: seen.slug }, bodyOf(draft));
    },
    onSuccess: async ({ warnings }) => {
      await Promise.all([client.invalidateQueries({ queryKey: TYPES }), client.invalidateQueries({ queryKey: ["plant"] })]);
      onSaved();
      tell([modelTexts().saved, ...warnings].join(". "));
    },
  });
}

export function TypeEditor({ type }: { type: MachineType }) {
  const t = texts();
  const [edit, setEdit] = useState<{ seen: MachineType; draft: TypeDraft }>();
  const seen = edit?.seen ?? type;
  const before = draftOf(seen);
  const now = edit?.draft ?? before;
  const set = (more: Partial<TypeDraft>): void => setEdit({ seen, draft: { ...now, ...more } });
  const setSensors = (sensors: Plain[]): void => set({ sensors, sections: fitting(now.sections, sensors).filter(({ sensors: keys }) => keys.length > 0) });
  const client = useQueryClient();
  const saving = useSavingType(seen, () => setEdit(undefined));
  const changes = edit ? changesOf(before, now, { ...fieldWords(), section: t.section, order: t.order, shows: t.shows, document: t.document }) : [];
  const lost = before.sensors.filter(({ key }) => !now.sensors.some((sensor) => sensor.key === key)).map(({ key }) => key);
  const isWhole = now.name.trim() !== "" && now.sections.every(isSectionWhole) && arePapersWhole(now.documents);
  return (
    <>
      <Panel title={t.general}><TextField label={t.name} value={now.name} onText={(name) => set({ name })} required maxLength={200} /></Panel>
      <Panel title={modelTexts().sensors}>
        <SensorTable sensors={now.sensors} stored={new Set(before.sensors.map(({ key }) => key))} none={t.noSensors}
          onChange={(sensor) => setSensors(replaced(now.sensors, sensor))} onRemove={(key) => setSensors(now.sensors.filter((sensor) => sensor.key !== key))} />
        {lost.length > 0 && type.machines > 0 && <p className={css["bad"]} role="status">{t.losing(listText(lost), type.machines)}</p>}
      </Panel>
      <Panel title={t.page}>
        <div className={css["layout"]}>
          <SectionsField sections={now.sections} sensors={now.sensors} onSections={(sections) => set({ sections })} />
          <Preview sections={now.sections} sensors={now.sensors}><OnMachine slug={type.slug} /></Preview>
        </div>
      </Panel>
      <Panel title={modelTexts().documents}><PapersField papers={now.documents} onPapers={(documents) => set({ documents })} /></Panel>
      <SaveBar changes={changes} isWhole={isWhole} saving={{ ...saving, mutate: () => saving.mutate(now) }}
        onDiscard={() => { saving.reset(); setEdit(undefined); void client.invalidateQueries({ queryKey: TYPES }); }} />
    </>
  );
}

/** The real page is at hand where there is a machine. */
function OnMachine({ slug }: { slug: string }) {
  const machine = usePlant().data?.machines.find(({ type }) => type === slug);
  return machine && <p><PlantLink path={machine.path}>{texts().seeOn(machine.name)}</PlantLink></p>;
}
