/** Which dead letters the list shows; every choice stands in the address. */

import { useState } from "react";
import { PartField } from "@/shared/plant/PartField";
import { Button } from "@/shared/ui/Button";
import { PickField, TextField } from "@/shared/ui/Form";
import { words } from "@/shared/ui/texts";
import css from "./DeadLettersPage.module.css";
import { isNarrowed, readLetterFilter, type LetterFilter } from "./filter";
import { REASONS } from "./reasons";
import { texts } from "./texts";

interface Props {
  filter: LetterFilter;
  onFilter: (filter: LetterFilter) => void;
}

export function FilterBar({ filter, onFilter }: Props) {
  const t = texts();
  const [text, setText] = useState(filter.q ?? "");
  const set = (more: Record<string, unknown>): void => onFilter(readLetterFilter({ ...filter, ...more }));
  const search = (): void => { if (text !== (filter.q ?? "")) set({ q: text }); };
  return (
    <form className={css["filters"]} role="search" aria-label={t.filter} onSubmit={(e) => { e.preventDefault(); search(); }}>
      <PickField label={t.reason} value={filter.reason ?? ""} onPick={(reason) => set({ reason })} options={[["", t.all], ...REASONS.map((reason) => [reason, t.reasons[reason]] as const)]} />
      <PartField value={filter.under ?? ""} onPick={(under) => set({ under })} machines />
      <TextField label={t.text} type="search" value={text} onText={setText} onBlur={search} maxLength={200} placeholder={t.textHint} />
      {isNarrowed(filter) && <Button look="quiet" className={css["clear"] ?? ""} onClick={() => { setText(""); onFilter({}); }}>{words().clearFilter}</Button>}
    </form>
  );
}
