/** Alarms: what asks for somebody now, what is hidden, and what is over. */

import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { get } from "@/shared/api/http";
import { ALARMS, OTHER_ALARMS } from "@/shared/alarms/feed";
import type { Alarm } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { usePlant } from "@/shared/plant/queries";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { Loaded, PageHead } from "@/shared/ui/Page";
import { AlarmDialog } from "./AlarmDialog";
import css from "./AlarmsPage.module.css";
import { FilterBar } from "./FilterBar";
import type { AlarmFilter, Tab } from "./filter";
import { OpenAlarms } from "./OpenAlarms";
import { OtherAlarms } from "./OtherAlarms";

interface Props {
  filter: AlarmFilter;
  onFilter: (filter: AlarmFilter) => void;
}

const TITLE: Record<Tab | "open", string> = {
  open: "Open alarms", shelved: "Shelved alarms", suppressed: "Suppressed alarms", "out-of-service": "Alarms out of service", history: "Closed alarms", all: "All alarms",
};
const TABS: readonly (readonly [Tab | undefined, string])[] = [
  [undefined, "Open"], ["shelved", "Shelved"], ["suppressed", "Suppressed"], ["out-of-service", "Out of service"], ["history", "Closed"], ["all", "All"],
];

export function AlarmsPage({ view: filter, onView: onFilter }: { view: AlarmFilter; onView: (filter: AlarmFilter) => void }) {
  const plant = usePlant();
  const { alarm, ...list } = filter;
  const open = useCallback(({ id }: Alarm) => onFilter({ ...filter, alarm: id }), [filter, onFilter]);
  return (
    <>
      <Trail here="Alarms" />
      <PageHead title={TITLE[filter.tab ?? "open"]}><Tabs filter={list} onFilter={onFilter} /></PageHead>
      <FilterBar filter={list} onFilter={onFilter} />
      <Loaded query={plant}>
        {(tree) => filter.tab
          ? <OtherAlarms filter={list} tree={tree} onOpen={open} />
          : <OpenAlarms filter={list} tree={tree} onOpen={open} />}
      </Loaded>
      {alarm && <AlarmDialog id={alarm} onClose={() => onFilter(list)} />}
    </>
  );
}

function Tabs({ filter, onFilter }: Props) {
  const summary = useQuery({
    queryKey: [...OTHER_ALARMS, "summary", filter.under ?? ""],
    queryFn: ({ signal }) => get(`${ALARMS}/summary`, { under: filter.under }, signal),
    refetchInterval: 10_000,
  });
  const { state: _, tab: __, ...kept } = filter;
  const count = (tab: Tab | undefined): number => {
    if (!summary.data) return 0;
    if (!tab) return summary.data.open;
    return tab === "history" || tab === "all" ? 0 : (summary.data.states[tab] ?? 0);
  };
  return (
    <div className={css["tabs"]} role="group" aria-label="Which alarms">
      {TABS.map(([tab, text]) => (
        <Button key={text} aria-pressed={filter.tab === tab} onClick={() => onFilter(tab ? { ...kept, tab } : kept)}>
          {text}{count(tab) > 0 && <small>{countText(count(tab))}</small>}
        </Button>
      ))}
    </div>
  );
}
