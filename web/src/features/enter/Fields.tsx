/** The fields: first what people are to enter, then, folded, what reports by itself. */

import type { Sensor } from "@/shared/api/types";
import { isEntered } from "@/shared/plant/paces";
import { Panel } from "@/shared/ui/Page";
import { withSure, withText, type Draft, type Filling } from "./draft";
import css from "./Enter.module.css";
import { SensorField } from "./SensorField";
import { texts } from "./texts";

interface Props {
  sensors: readonly Sensor[];
  draft: Draft;
  found: Filling;
  known: (path: string) => readonly string[];
  onDraft: (draft: Draft) => void;
}

export function Fields({ sensors, draft, found, known, onDraft }: Props) {
  const asked = sensors.filter(isEntered);
  const others = sensors.filter((sensor) => !isEntered(sensor));
  const fields = (some: readonly Sensor[]): React.ReactNode => some.map((sensor) => (
    <SensorField key={sensor.key} sensor={sensor} text={draft.texts[sensor.key] ?? ""} known={known(sensor.path)} fault={found.faults[sensor.key]} doubt={found.doubts[sensor.key]}
      isSure={draft.sure.includes(sensor.key)} onText={(text) => onDraft(withText(draft, sensor.key, text))} onSure={(isSure) => onDraft(withSure(draft, sensor.key, isSure))} />
  ));
  const isFilled = others.some(({ key }) => draft.texts[key]);
  return (
    <>
      {asked.length > 0 && <Panel>{fields(asked)}</Panel>}
      {asked.length === 0 ? <Panel>{fields(others)}</Panel> : others.length > 0 && (
        <details className={css["others"]} open={isFilled || undefined}>
          <summary>{texts().others(others.length)}</summary>
          {fields(others)}
        </details>
      )}
    </>
  );
}
