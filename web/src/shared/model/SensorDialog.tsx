/** One sensor: what it is called, measured in, and held between. What is wrong is told while it is typed. */

import { useState } from "react";
import { unitText } from "@/shared/format/units";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, PickField, Row, TextField } from "@/shared/ui/Form";
import { words } from "@/shared/ui/texts";
import { draftOf, faultsOf, sensorOf, slugOf, type Draft, type Fault } from "./draft";
import css from "./Model.module.css";
import { LIMITS, type Limit, type Plain } from "./sensors";
import { texts } from "./texts";

interface Props {
  /** Undefined: a new one. */
  sensor: Plain | undefined;
  isStored: boolean;
  taken: ReadonlySet<string>;
  onDone: (sensor: Plain) => void;
  onClose: () => void;
}

const hintOf = (fault: Fault | undefined, hint: React.ReactNode): React.ReactNode => (fault ? <span className={css["bad"]}>{texts().faults[fault]}</span> : hint);

export function SensorDialog({ sensor, isStored, taken, onDone, onClose }: Props) {
  const t = texts();
  const [draft, setDraft] = useState(() => draftOf(sensor));
  /** While nobody has typed a key it follows the name. */
  const [keyFollows, setKeyFollows] = useState(!sensor);
  const set = (more: Partial<Draft>): void => setDraft({ ...draft, ...more });
  const setName = (name: string): void => set({ name, ...(keyFollows && { key: slugOf(name, "_") }) });
  const faults = faultsOf(draft, taken);
  const ofKey = faults.key === "noKey" ? undefined : faults.key;
  const isNumber = draft.datatype === "float";
  const isWhole = !faults.key && !faults.entered_every && (!isNumber || Object.keys(faults).length === 0);
  return (
    <Dialog title={sensor ? t.editSensor(sensor.name || sensor.key) : t.newSensor} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); e.stopPropagation(); if (isWhole) onDone(sensorOf(draft)); }}>
        <TextField label={t.name} value={draft.name} onText={setName} maxLength={200} autoFocus />
        <Row>
          <TextField label={t.key} value={draft.key} onText={(key) => { setKeyFollows(false); set({ key }); }} readOnly={isStored} required maxLength={63} spellCheck={false} autoCapitalize="none"
            aria-invalid={Boolean(ofKey)} hint={hintOf(ofKey, isStored ? t.keyFixed : t.keyHint)} />
          <PickField label={t.datatype} value={draft.datatype} onPick={(datatype) => set({ datatype })} hint={isStored ? t.datatypeFixed : undefined}
            options={(["float", "bool", "string"] as const).filter((d) => !isStored || d === draft.datatype).map((d) => [d, t.datatypes[d]] as const)} />
        </Row>
        {isNumber && <Measured draft={draft} faults={faults} onSet={set} />}
        <TextField label={t.expression} value={draft.expression} onText={(expression) => set({ expression })} maxLength={1000} spellCheck={false} hint={t.expressionHint} />
        {!draft.expression.trim() && (
          <TextField label={t.enteredEvery} value={draft.entered_every} onText={(every) => set({ entered_every: every })} maxLength={20} spellCheck={false} autoCapitalize="none"
            aria-invalid={Boolean(faults.entered_every)} hint={hintOf(faults.entered_every, t.enteredEveryHint)} />
        )}
        <Buttons>
          <Button onClick={onClose}>{words().cancel}</Button>
          <Button look="main" type="submit" disabled={!isWhole}>{t.apply}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}

function Measured({ draft, faults, onSet }: { draft: Draft; faults: ReturnType<typeof faultsOf>; onSet: (more: Partial<Draft>) => void }) {
  const t = texts();
  const shown = unitText(draft.unit.trim());
  const setLimit = (limit: Limit, text: string): void => onSet({ limits: { ...draft.limits, [limit]: text } });
  return (
    <>
      <Row>
        <TextField label={t.unit} value={draft.unit} onText={(unit) => onSet({ unit })} maxLength={32} spellCheck={false} autoCapitalize="none" hint={shown && shown !== draft.unit.trim() ? t.unitShown(shown) : t.unitHint} />
        <TextField label={t.decimals} value={draft.decimals} onText={(decimals) => onSet({ decimals })} inputMode="numeric" aria-invalid={Boolean(faults.decimals)} hint={hintOf(faults.decimals, undefined)} />
      </Row>
      <fieldset className={css["limits"]}>
        <legend>{t.limits}</legend>
        <div className={css["four"]}>
          {LIMITS.map((limit) => (
            <TextField key={limit} label={t.head[limit]} title={t.limitsTitle[limit]} value={draft.limits[limit]} onText={(text) => setLimit(limit, text)} inputMode="decimal" autoComplete="off"
              aria-invalid={Boolean(faults[limit])} hint={hintOf(faults[limit], undefined)} />
          ))}
        </div>
        <small>{t.limitsHint}</small>
      </fieldset>
    </>
  );
}
