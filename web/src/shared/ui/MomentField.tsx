/** A point in time: typed, in the words of the API, or picked from a calendar. */

import { Calendar } from "lucide-react";
import { useRef } from "react";
import { momentMs, typedText } from "@/shared/format/moment";
import { fullTimeText, localText } from "@/shared/format/time";
import { Button } from "./Button";
import { Field } from "./Form";
import form from "./Form.module.css";
import css from "./MomentField.module.css";
import { words } from "./texts";

interface Props {
  label: string;
  value: string;
  /** What `now` and `-1h` count from, epoch ms. */
  now: number;
  onText: (text: string) => void;
}

export function MomentField({ label, value, now, onText }: Props) {
  const calendar = useRef<HTMLInputElement>(null);
  const ms = momentMs(value, now);
  const isTime = Number.isFinite(ms);
  return (
    <Field label={label} hint={isTime ? fullTimeText(ms) : words().noTime}>
      {(id) => (
        <div className={css["moment"]}>
          <input id={id} className={form["input"]} value={value} onChange={(e) => onText(e.target.value)} required aria-invalid={!isTime} autoComplete="off" spellCheck={false} />
          <Button look="quiet" aria-label={words().calendarFor(label)} onClick={() => calendar.current?.showPicker()}><Calendar size={18} aria-hidden /></Button>
          <input ref={calendar} type="datetime-local" step="1" tabIndex={-1} aria-hidden value={isTime ? localText(ms) : ""}
            onChange={(e) => e.target.value && onText(typedText(momentMs(e.target.value, now)))} />
        </div>
      )}
    </Field>
  );
}
