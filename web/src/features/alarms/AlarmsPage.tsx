/** Alarms: what asks for somebody now, what is hidden, and what is over. */

import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useRules } from "@/shared/alerting/queries";
import { ALARMS, OTHER_ALARMS } from "@/shared/alarms/feed";
import { get } from "@/shared/api/http";
import type { Alarm } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { usePlant } from "@/shared/plant/queries";
import { Button } from "@/shared/ui/Button";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Loaded, PageHead } from "@/shared/ui/Page";
import { AlarmDialog } from "./AlarmDialog";
import css from "./AlarmsPage.module.css";
import { FilterBar } from "./FilterBar";
import { TABS, type AlarmFilter, type Tab } from "./filter";
import { OpenAlarms } from "./OpenAlarms";
import { OtherAlarms } from "./OtherAlarms";
import { texts } from "./texts";

interface Props {
  filter: AlarmFilter;
  onFilter: (filter: AlarmFilter) => void;
}

export function AlarmsPage({ view: filter, onView: onFilter }: { view: AlarmFilter; onView: (filter: AlarmFilter) => void }) {
  const plant = usePlant();
  const { alarm, ...list } = filter;
  const { tab } = list;
  const open = useCallback(({ id }: Alarm) => onFilter({ ...filter, alarm: id }), [filter, onFilter]);
  return (
    <>
      <div className={css["page"]}>
        <Trail here={texts().title} />
        <PageHead title={texts().titles[tab ?? "open"]}><Tabs filter={list} onFilter={onFilter} /></PageHead>
        <FilterBar filter={list} onFilter={onFilter} />
        {list.rule && <RuleUnknown id={list.rule} />}
        <Loaded query={plant}>
          {(tree) => (tab ? <OtherAlarms filter={{ ...list, tab }} tree={tree} onOpen={open} /> : <OpenAlarms filter={list} tree={tree} onOpen={open} />)}
        </Loaded>
      </div>
      {alarm && <AlarmDialog id={alarm} onClose={() => onFilter(list)} />}
    </>
  );
}

/** An address may name a rule that is gone: an empty list would look as if all were well. */
function RuleUnknown({ id }: { id: string }) {
  const rules = useRules().data;
  if (!rules || rules.some((rule) => rule.id === id)) return null;
  return <p className={css["unknown"]} role="status">{texts().noRule(id)}</p>;
}

function Tabs({ filter, onFilter }: Props) {
  const summary = useQuery({
    queryKey: [...OTHER_ALARMS, "summary", filter.under ?? ""],
    queryFn: ({ signal }) => get(`${ALARMS}/summary`, { under: filter.under }, signal),
    refetchInterval: 10_000,
  });
  const { state: _, tab: __, from: ___, to: ____, ...kept } = filter;
  const count = (tab: Tab | undefined): number => {
    if (!summary.data) return 0;
    if (!tab) return summary.data.open;
    return tab === "history" || tab === "all" ? 0 : (summary.data.states[tab] ?? 0);
  };
  return (
    <div className={css["tabs"]} role="group" aria-label={texts().which}>
      {[undefined, ...TABS].map((tab) => (
        <Button key={tab ?? "open"} aria-pressed={filter.tab === tab} onClick={() => onFilter(tab ? { ...kept, tab } : kept)}>
          {texts().tabs[tab ?? "open"]}{count(tab) > 0 && <small>{countText(count(tab))}</small>}
        </Button>
      ))}
    </div>
  );
}
