/** Alarms that are over, newest first, page by page. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { get } from "@/shared/api/http";
import type { Alarm, Page } from "@/shared/api/types";
import { useNow } from "@/shared/live/hooks";
import type { Tree } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import { Table } from "@/shared/ui/Table";
import { AlarmRow } from "./AlarmRow";
import css from "./AlarmsPage.module.css";
import { passes, type AlarmFilter } from "./filter";
import { HEAD } from "./OpenAlarms";

interface Props {
  filter: AlarmFilter;
  tree: Tree;
  onOpen: (alarm: Alarm) => void;
}

export function ClosedAlarms({ filter, tree, onOpen }: Props) {
  const now = useNow(60_000);
  const under = filter.under ?? "";
  const history = useInfiniteQuery({
    queryKey: ["alarms", "closed", under],
    queryFn: ({ pageParam, signal }) =>
      get<Page<Alarm>>("/api/alerting/v1/alarms", { state: "normal", under, limit: 100, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchOnMount: "always",
  });
  return (
    <Panel>
      <Loaded query={history}>
        {({ pages }) => {
          const found = pages.flatMap((p) => p.items).filter((a) => passes({ severity: filter.severity }, a));
          return (
            <>
              {found.length > 0 && (
                <div className={css["list"]}><Table head={HEAD} label="Closed alarms">
                  {found.map((a) => <AlarmRow key={a.id} alarm={a} tree={tree} now={now} onOpen={() => onOpen(a)} />)}
                </Table></div>
              )}
              {found.length === 0 && <Note>No closed alarm {history.hasNextPage ? "among the newest ones" : ""} matches. An alarm closes once it is acknowledged and back to normal.</Note>}
              {history.hasNextPage && (
                <div className={css["older"]}><Button onClick={() => void history.fetchNextPage()} disabled={history.isFetchingNextPage}>Show older ones</Button></div>
              )}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}
