/** Which alarms the list shows; every choice stands in the address. */

import { STATE_TEXT } from "@/shared/alarms/words";
import { SEVERITIES } from "@/shared/plant/condition";
import { PartField } from "@/shared/plant/PartField";
import { Button } from "@/shared/ui/Button";
import { PickField, Tick } from "@/shared/ui/Form";
import { levelText } from "@/shared/ui/Mark";
import css from "./AlarmsPage.module.css";
import { STATES, readFilter, type AlarmFilter } from "./filter";

interface Props {
  filter: AlarmFilter;
  onFilter: (filter: AlarmFilter) => void;
}

export function FilterBar({ filter, onFilter }: Props) {
  const set = (more: Record<string, unknown>): void => onFilter(readFilter({ ...filter, ...more }));
  const narrowed = filter.state ?? filter.severity ?? filter.under ?? filter.mine;
  return (
    <div className={css["filters"]} role="group" aria-label="Filter">
      {!filter.tab && (
        <PickField label="State" value={filter.state ?? ""} onPick={(state) => set({ state })}
          options={[["", "All open"], ...STATES.map((s) => [s, STATE_TEXT[s]] as const)]} />
      )}
      <PickField label="Severity" value={filter.severity ?? ""} onPick={(severity) => set({ severity })}
        options={[["", "All"], ...SEVERITIES.map((s) => [s, levelText(s)] as const)]} />
      <PartField label="Part of the plant" value={filter.under ?? ""} onPick={(under) => set({ under })} machines />
      <Tick text="Assigned to me" checked={filter.mine === true} onTick={(mine) => set({ mine })} />
      {narrowed && <Button look="quiet" onClick={() => onFilter(filter.tab ? { tab: filter.tab } : {})}>Clear filter</Button>}
    </div>
  );
}
