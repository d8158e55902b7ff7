/** The sections of a type's page: which sensors they show, how, and in which order. */

import { ArrowDown, ArrowUp, Plus, Trash2, X } from "lucide-react";
import type { Plain } from "@/shared/model/sensors";
import { Button } from "@/shared/ui/Button";
import { PickField, TextField } from "@/shared/ui/Form";
import { canShow, fitting, isSectionWhole, moved, SHOWS, type Section, type Show } from "./sections";
import { texts } from "./texts";
import css from "./Types.module.css";

const MOST = 30;

interface Props {
  sections: readonly Section[];
  sensors: readonly Plain[];
  onSections: (sections: Section[]) => void;
}

export function SectionsField({ sections, sensors, onSections }: Props) {
  const t = texts();
  const set = (at: number, more: Partial<Section>): void => onSections(sections.map((section, i) => (i === at ? { ...section, ...more } : section)));
  return (
    <div className={css["sections"]}>
      {sections.map((section, i) => (
        <div key={i} className={css["section"]} role="group" aria-label={`${t.section} ${section.title}`}>
          <div className={css["head"]}>
            <TextField label={t.sectionTitle} value={section.title} onText={(title) => set(i, { title })} required maxLength={200} />
            <PickField label={t.show} value={section.show} onPick={(show) => set(i, fitting([{ ...section, show }], sensors)[0] ?? section)} options={SHOWS.map((show) => [show, t.shows[show]] as const)} />
            <div className={css["moves"]}>
              <Button look="quiet" aria-label={t.up(section.title)} title={t.up(section.title)} disabled={i === 0} onClick={() => onSections(moved(sections, i, -1))}><ArrowUp size={18} aria-hidden /></Button>
              <Button look="quiet" aria-label={t.down(section.title)} title={t.down(section.title)} disabled={i === sections.length - 1} onClick={() => onSections(moved(sections, i, 1))}><ArrowDown size={18} aria-hidden /></Button>
              <Button look="quiet" aria-label={t.removeSection(section.title)} title={t.removeSection(section.title)} onClick={() => onSections(sections.filter((_, at) => at !== i))}><Trash2 size={18} aria-hidden /></Button>
            </div>
          </div>
          <Shown section={section} sensors={sensors} onKeys={(keys) => set(i, { sensors: keys })} />
        </div>
      ))}
      {sections.length < MOST && <div><Button onClick={() => onSections([...sections, newSection(sensors)])}><Plus size={18} aria-hidden />{t.addSection}</Button></div>}
    </div>
  );
}

/** With something to see at once. */
function newSection(sensors: readonly Plain[]): Section {
  const show: Show = sensors.some((sensor) => canShow("bars", sensor)) ? "bars" : "tiles";
  return { title: texts().newSection, show, sensors: sensors.filter((sensor) => canShow(show, sensor)).slice(0, 1).map(({ key }) => key) };
}

function Shown({ section, sensors, onKeys }: { section: Section; sensors: readonly Plain[]; onKeys: (keys: string[]) => void }) {
  const t = texts();
  const nameOf = (key: string): string => sensors.find((sensor) => sensor.key === key)?.name || key;
  const others = sensors.filter((sensor) => canShow(section.show, sensor) && !section.sensors.includes(sensor.key));
  return (
    <>
      <ul className={css["chips"]}>
        {section.sensors.map((key) => (
          <li key={key}>{nameOf(key)}<Button look="quiet" aria-label={t.removeSensor(nameOf(key), section.title)} title={t.removeSensor(nameOf(key), section.title)} onClick={() => onKeys(section.sensors.filter((one) => one !== key))}><X size={16} aria-hidden /></Button></li>
        ))}
      </ul>
      {others.length > 0
        ? <PickField label={t.addSensor} value="" onPick={(key) => key && onKeys([...section.sensors, key])} options={[["", "…"], ...others.map(({ key }) => [key, nameOf(key)] as const)]} />
        : section.sensors.length === 0 && <p className={css["soft"]}>{t.noFit}</p>}
      {!isSectionWhole(section) && <p className={css["bad"]}>{t.needsSensor}</p>}
    </>
  );
}
