/** One choice among many, found by typing: any of its words, in any order; a long list costs no more than a short one. */

import { useMemo, useState } from "react";
import { ComboBox, Input, Label, ListBox, ListBoxItem, ListLayout, Popover, Text, Virtualizer } from "react-aria-components";
import { matching, type Choice } from "./choices";
import css from "./ComboField.module.css";
import form from "./Form.module.css";
import { words } from "./texts";

interface Props {
  label: string;
  value: string;
  choices: readonly Choice[];
  placeholder?: string;
  onPick: (value: string) => void;
}

/** Rows as the list has them, in CSS pixels: a list of few is no higher than they are. */
const ROW = 46;
const MOST_ROWS = 6;
const PADDING = 8;

const textOf = ({ text, place }: Choice): string => (place ? `${text} · ${place}` : text);

export function ComboField({ label, value, choices, placeholder = "", onPick }: Props) {
  const chosen = choices.find((c) => c.value === value);
  /** What is being typed; undefined while nothing is. */
  const [query, setQuery] = useState<string>();
  const found = useMemo(() => matching(choices, query ?? ""), [choices, query]);
  function pick(choice: string): void {
    setQuery(undefined);
    onPick(choice);
  }
  /** Who types and presses Enter means the first that is found, without a way down to it. */
  function press(event: React.KeyboardEvent): void {
    const first = found[0];
    if (event.key === "Enter" && query && first && !event.currentTarget.getAttribute("aria-activedescendant")) pick(first.value);
  }
  return (
    <ComboBox className={form["field"] ?? ""} items={found} selectedKey={value || null} inputValue={query ?? (chosen ? textOf(chosen) : value)} menuTrigger="focus"
      allowsEmptyCollection onInputChange={setQuery} onOpenChange={(open) => !open && setQuery(undefined)}
      onSelectionChange={(key) => (key === null ? setQuery(undefined) : pick(String(key)))}>
      <Label>{label}</Label>
      <Input className={form["input"] ?? ""} placeholder={placeholder} spellCheck={false} onKeyDown={press} />
      <Popover className={css["list"] ?? ""} offset={4}>
        <Virtualizer layout={ListLayout} layoutOptions={{ rowHeight: ROW }}>
          <ListBox<Choice> className={css["lines"] ?? ""} {...(found.length > 0 && { style: { height: Math.min(found.length, MOST_ROWS) * ROW + PADDING } })} renderEmptyState={() => <p className={css["note"]}>{words().nothingMatches}</p>}>
            {(choice) => (
              <ListBoxItem id={choice.value} textValue={textOf(choice)} className={css["choice"] ?? ""}>
                <Text slot="label">{choice.text}</Text>{choice.place && <Text slot="description" elementType="small">{choice.place}</Text>}
              </ListBoxItem>
            )}
          </ListBox>
        </Virtualizer>
      </Popover>
    </ComboBox>
  );
}
