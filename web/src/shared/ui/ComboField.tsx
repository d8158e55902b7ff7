/** One choice among many, found by typing: the ARIA combobox with a list. */

import { useId, useState } from "react";
import css from "./ComboField.module.css";
import { Field } from "./Form";
import form from "./Form.module.css";
import { matching, type Choice } from "./choices";

const SHOWN = 60;

interface Props {
  label: string;
  value: string;
  choices: readonly Choice[];
  placeholder?: string;
  onPick: (value: string) => void;
}

export function ComboField({ label, value, choices, placeholder, onPick }: Props) {
  const list = useId();
  /** What is being typed; undefined while the list is closed. */
  const [query, setQuery] = useState<string>();
  const [at, setAt] = useState(0);
  const isOpen = query !== undefined;
  const found = isOpen ? matching(choices, query) : [];
  const shown = found.slice(0, SHOWN);
  const chosen = choices.find((c) => c.value === value);
  const type = (text: string): void => { setQuery(text); setAt(0); };
  const pick = (choice: Choice | undefined): void => { if (choice) onPick(choice.value); setQuery(undefined); };
  const move = (by: number): void => (isOpen ? setAt((at + by + shown.length) % Math.max(1, shown.length)) : type(""));
  function press(event: React.KeyboardEvent): void {
    const act = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: isOpen && (() => pick(shown[at])), Escape: isOpen && (() => setQuery(undefined)) }[event.key];
    if (!act) return;
    // Of a dialog, Enter would send the form and Escape close it.
    event.preventDefault();
    act();
  }
  return (
    <Field label={label}>
      {(id) => (
        <div className={css["combo"]} onBlur={() => setQuery(undefined)}>
          <input id={id} className={form["input"]} role="combobox" aria-expanded={isOpen} aria-controls={list} aria-autocomplete="list"
            aria-activedescendant={shown[at] && `${list}-${at}`} autoComplete="off" spellCheck={false} placeholder={placeholder}
            value={query ?? (chosen ? textOf(chosen) : value)} onChange={(e) => type(e.target.value)} onClick={() => isOpen || type("")} onKeyDown={press} />
          {isOpen && (
            // Pressing in the list must not take the focus away from the field.
            <ul id={list} role="listbox" aria-label={label} className={css["list"]} onMouseDown={(e) => e.preventDefault()}>
              {shown.map((c, i) => <Line key={c.value} id={`${list}-${i}`} choice={c} marked={i === at} onPick={() => pick(c)} />)}
              {found.length === 0 && <li className={css["note"]}>Nothing matches.</li>}
              {found.length > SHOWN && <li className={css["note"]}>{found.length - SHOWN} more: type to narrow them down.</li>}
            </ul>
          )}
        </div>
      )}
    </Field>
  );
}

const textOf = ({ text, place }: Choice): string => (place ? `${text} · ${place}` : text);

function Line({ id, choice, marked, onPick }: { id: string; choice: Choice; marked: boolean; onPick: () => void }) {
  return (
    <li id={id} role="option" aria-selected={marked} className={css["choice"]} onClick={onPick} ref={(line) => { if (marked) line?.scrollIntoView({ block: "nearest" }); }}>
      {choice.text}{choice.place && <small>{choice.place}</small>}
    </li>
  );
}
