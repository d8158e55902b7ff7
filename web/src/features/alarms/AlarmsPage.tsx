/** Alarms: what asks for somebody now, and what is over. */

import { useState } from "react";
import { usePlant } from "@/shared/plant/queries";
import type { Alarm } from "@/shared/api/types";
import { Button } from "@/shared/ui/Button";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Loaded, PageHead } from "@/shared/ui/Page";
import { AlarmDialog } from "./AlarmDialog";
import css from "./AlarmsPage.module.css";
import { ClosedAlarms } from "./ClosedAlarms";
import { FilterBar } from "./FilterBar";
import type { AlarmFilter } from "./filter";
import { OpenAlarms } from "./OpenAlarms";

interface Props {
  filter: AlarmFilter;
  onFilter: (filter: AlarmFilter) => void;
}

export function AlarmsPage({ filter, onFilter }: Props) {
  const [opened, setOpened] = useState<Alarm>();
  const plant = usePlant();
  const isHistory = filter.tab === "history";
  const { state: _, tab: __, ...kept } = filter;
  return (
    <>
      <Trail here="Alarms" />
      <PageHead title={isHistory ? "Closed alarms" : "Open alarms"}>
        <div className={css["tabs"]} role="group" aria-label="Which alarms">
          <Button aria-pressed={!isHistory} onClick={() => onFilter(kept)}>Open</Button>
          <Button aria-pressed={isHistory} onClick={() => onFilter({ ...kept, tab: "history" })}>History</Button>
        </div>
      </PageHead>
      <FilterBar filter={filter} onFilter={onFilter} />
      <Loaded query={plant}>
        {(tree) => isHistory
          ? <ClosedAlarms filter={filter} tree={tree} onOpen={setOpened} />
          : <OpenAlarms filter={filter} tree={tree} onOpen={setOpened} />}
      </Loaded>
      {opened && <AlarmDialog alarm={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}
