/** One value of the form: what the sensor said last, what is normal, and a second look at what is strange. */

import { TriangleAlert } from "lucide-react";
import { useId } from "react";
import type { Sensor } from "@/shared/api/types";
import { lengthText } from "@/shared/format/time";
import { valueText } from "@/shared/format/number";
import { unitText } from "@/shared/format/units";
import { qualityNow } from "@/shared/live/cells";
import { useCell, useNow } from "@/shared/live/hooks";
import { isEntered } from "@/shared/plant/paces";
import { Button } from "@/shared/ui/Button";
import { Tick } from "@/shared/ui/Form";
import form from "@/shared/ui/Form.module.css";
import css from "./Enter.module.css";
import type { Fault } from "./draft";
import type { Doubt } from "./plausible";
import { texts } from "./texts";
import { doubtText, limitsText, shown } from "./words";

interface Props {
  sensor: Sensor;
  text: string;
  known: readonly string[];
  fault: Fault | undefined;
  doubt: Doubt | undefined;
  isSure: boolean;
  onText: (text: string) => void;
  onSure: (isSure: boolean) => void;
}

export function SensorField(props: Props) {
  const { sensor, fault, doubt, isSure, onSure } = props;
  const id = useId();
  const name = sensor.name || sensor.key;
  const isWrong = fault !== undefined;
  return (
    <div className={css["field"]} data-number={sensor.datatype === "float" || undefined} data-strange={(isWrong || (doubt && !isSure)) || undefined}>
      <div className={css["head"]}>
        {sensor.datatype === "bool" ? <span id={`${id}-name`} className={css["name"]}>{name}</span> : <label htmlFor={id} id={`${id}-name`}>{name}</label>}
        <Before sensor={sensor} />
      </div>
      <Input {...props} id={id} describedBy={`${id}-says`} />
      <div id={`${id}-says`} aria-live="polite">
        {fault && <p className={css["doubt"]}><TriangleAlert size={16} aria-hidden />{texts().faults[fault]}</p>}
        {doubt && <p className={css["doubt"]}><TriangleAlert size={16} aria-hidden />{doubtText(doubt, sensor)}</p>}
      </div>
      {doubt && <Tick text={<>{texts().sure}<span className="visually-hidden">: {name}</span></>} checked={isSure} onTick={onSure} />}
    </div>
  );
}

/** The last value with its age, and what is normal; a warning where the sensor reports by itself. */
function Before({ sensor }: { sensor: Sensor }) {
  const cell = useCell(sensor.path);
  const now = useNow(1000);
  const t = texts();
  const isLate = isEntered(sensor) && (!cell || qualityNow(cell, now) === "stale");
  const reports = !isEntered(sensor) && cell && cell.interval > 0 && qualityNow(cell, now) !== "stale";
  return (
    <small>
      {isLate && <b className={css["due"]}>{t.due}</b>}
      {[cell ? t.last(shown(cell.value, sensor), lengthText(now - cell.ts)) : t.never, limitsText(sensor)].filter(Boolean).join(" · ")}
      {reports && <span className={css["reports"]}>{t.selfReports(lengthText(Math.max(1000, cell.interval)))}</span>}
    </small>
  );
}

type InputProps = Props & { id: string; describedBy: string };

function Input({ id, describedBy, sensor, text, known, fault, onText }: InputProps) {
  if (sensor.datatype === "bool") return <Buttons labelledBy={`${id}-name`} options={["true", "false"]} words={[valueText(true), valueText(false)]} text={text} onText={onText} />;
  const isNumber = sensor.datatype === "float";
  return (
    <>
      {!isNumber && known.length > 0 && <Buttons labelledBy={`${id}-name`} options={known} words={known} text={text} onText={onText} />}
      <div className={css["value"]}>
        <input id={id} className={form["input"]} value={text} onChange={(e) => onText(e.target.value)} inputMode={isNumber ? "decimal" : "text"} autoComplete="off" spellCheck={false}
          enterKeyHint="next" maxLength={isNumber ? 40 : 256} aria-invalid={fault !== undefined} aria-describedby={describedBy} placeholder={!isNumber && known.length > 0 ? texts().otherWord : ""} />
        {sensor.unit && <span className={css["unit"]}>{unitText(sensor.unit)}</span>}
      </div>
    </>
  );
}

interface ButtonsProps {
  labelledBy: string;
  options: readonly string[];
  words: readonly string[];
  text: string;
  onText: (text: string) => void;
}

/** A choice by thumb; the chosen one pressed again is taken back. */
const Buttons = ({ labelledBy, options, words, text, onText }: ButtonsProps) => (
  <div className={css["choice"]} role="group" aria-labelledby={labelledBy}>
    {options.map((option, i) => (
      <Button key={option} aria-pressed={text === option} onClick={() => onText(text === option ? "" : option)}>{words[i]}</Button>
    ))}
  </div>
);
