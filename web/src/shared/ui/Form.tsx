/** Labelled fields and their row of buttons. */

import { useId } from "react";
import css from "./Form.module.css";

interface FieldProps {
  label: string;
  hint?: React.ReactNode;
  children: (id: string) => React.ReactNode;
}

export function Field({ label, hint, children }: FieldProps) {
  const id = useId();
  return (
    <div className={css["field"]}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {hint && <small>{hint}</small>}
    </div>
  );
}

type InputProps = Omit<React.InputHTMLAttributes<HTMLInputElement>, "onChange"> & {
  label: string;
  hint?: React.ReactNode;
  onText: (text: string) => void;
};

export function TextField({ label, hint, onText, ...rest }: InputProps) {
  return (
    <Field label={label} hint={hint}>
      {(id) => <input id={id} className={css["input"]} onChange={(e) => onText(e.target.value)} {...rest} />}
    </Field>
  );
}

type AreaProps = Omit<React.TextareaHTMLAttributes<HTMLTextAreaElement>, "onChange"> & Pick<InputProps, "label" | "hint" | "onText">;

export function TextArea({ label, hint, onText, className = "", ...rest }: AreaProps) {
  return (
    <Field label={label} hint={hint}>
      {(id) => <textarea id={id} rows={3} className={`${css["input"]} ${className}`} onChange={(e) => onText(e.target.value)} {...rest} />}
    </Field>
  );
}

/** What holds for the fields above it. */
export const Hint = ({ children }: { children: React.ReactNode }) => <p className={css["hint"]}>{children}</p>;

/** A box to tick with its text; the whole line is the target. */
export function Tick({ text, checked, onTick }: { text: React.ReactNode; checked: boolean; onTick: (on: boolean) => void }) {
  return <label className={css["tick"]}><input type="checkbox" checked={checked} onChange={(e) => onTick(e.target.checked)} />{text}</label>;
}

interface PickProps<Word extends string> {
  hint?: React.ReactNode;
  label: string;
  value: Word;
  options: readonly (readonly [value: Word, text: string])[];
  onPick: (value: Word) => void;
  /** Somebody is about to open it: choices that were left out until now must be there. */
  onOpen?: () => void;
}

export function PickField<Word extends string>({ label, hint, value, options, onPick, onOpen }: PickProps<Word>) {
  return (
    <Field label={label} hint={hint}>
      {(id) => (
        <select id={id} className={css["input"]} value={value} onChange={(e) => onPick(e.target.value as Word)} onFocus={onOpen} onPointerDown={onOpen}>
          {options.map(([v, text]) => <option key={v} value={v}>{text}</option>)}
        </select>
      )}
    </Field>
  );
}

export const Row = ({ children }: { children: React.ReactNode }) => <div className={css["row"]}>{children}</div>;
export const Buttons = ({ children }: { children: React.ReactNode }) => <div className={css["buttons"]}>{children}</div>;
