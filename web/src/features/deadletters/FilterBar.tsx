/** Which dead letters the list shows; every choice stands in the address. */

import { useState } from "react";
import { PartField } from "@/shared/plant/PartField";
import { Button } from "@/shared/ui/Button";
import { PickField, TextField } from "@/shared/ui/Form";
import css from "./DeadLettersPage.module.css";
import { isNarrowed, readLetterFilter, type LetterFilter } from "./filter";
import { REASONS } from "./reasons";

interface Props {
  filter: LetterFilter;
  onFilter: (filter: LetterFilter) => void;
}

export function FilterBar({ filter, onFilter }: Props) {
  const [text, setText] = useState(filter.q ?? "");
  const set = (more: Record<string, unknown>): void => onFilter(readLetterFilter({ ...filter, ...more }));
  const search = (): void => { if (text !== (filter.q ?? "")) set({ q: text }); };
  return (
    <form className={css["filters"]} role="search" aria-label="Filter" onSubmit={(e) => { e.preventDefault(); search(); }}>
      <PickField label="Reason" value={filter.reason ?? ""} onPick={(reason) => set({ reason })} options={[["", "All"], ...Object.entries(REASONS)]} />
      <PartField label="Part of the plant" value={filter.under ?? ""} onPick={(under) => set({ under })} machines />
      <TextField label="Text" type="search" value={text} onText={setText} onBlur={search} maxLength={200} placeholder="Topic, device, bytes…" />
      {isNarrowed(filter) && <Button look="quiet" className={css["clear"] ?? ""} onClick={() => { setText(""); onFilter({}); }}>Clear filter</Button>}
    </form>
  );
}
