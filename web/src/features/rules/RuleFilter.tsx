/** Which rules are listed; every choice stands in the address. */

import { X } from "lucide-react";
import { SEVERITIES } from "@/shared/plant/condition";
import { PartField } from "@/shared/plant/PartField";
import { Button } from "@/shared/ui/Button";
import { PickField, TextField } from "@/shared/ui/Form";
import { levelText } from "@/shared/ui/Mark";
import { words } from "@/shared/ui/texts";
import css from "./RulesPage.module.css";
import { texts } from "./texts";
import { narrowings, readFilter, STATES, type RulesFilter } from "./view";

interface Props {
  filter: RulesFilter;
  onFilter: (filter: RulesFilter) => void;
}

export function RuleFilter({ filter, onFilter }: Props) {
  const { filter: say, states } = texts();
  const set = (more: { [K in keyof RulesFilter]: string }): void => onFilter(readFilter({ ...filter, ...more }));
  return (
    <form className={css["filters"]} role="search" aria-label={say.label} onSubmit={(e) => e.preventDefault()}>
      <TextField label={say.words} type="search" value={filter.q ?? ""} onText={(q) => set({ q })} maxLength={200} placeholder={say.wordsHint} autoComplete="off" />
      <PartField value={filter.part ?? ""} onPick={(part) => set({ part })} machines />
      <PickField label={say.level} value={filter.level ?? ""} onPick={(level) => set({ level })} options={[["", say.any], ...SEVERITIES.map((s) => [s, levelText(s)] as const)]} />
      <PickField label={say.state} value={filter.state ?? ""} onPick={(state) => set({ state })} options={[["", say.any], ...STATES.map((s) => [s, states[s]] as const)]} />
      {filter.rule && <Button aria-pressed className={css["clear"] ?? ""} onClick={() => set({ rule: "" })}>{say.one}<X size={16} aria-hidden /></Button>}
      {narrowings(filter) > 0 && <Button look="quiet" className={css["clear"] ?? ""} onClick={() => onFilter({})}>{words().clearFilter}</Button>}
    </form>
  );
}
