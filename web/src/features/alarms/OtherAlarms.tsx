/** Alarms that ask for nothing now: hidden ones, and those that are over; page by page. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { get } from "@/shared/api/http";
import { useSession } from "@/shared/api/session";
import { ALARMS, OTHER_ALARMS } from "@/shared/alarms/feed";
import type { Alarm } from "@/shared/api/types";
import type { Tree } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import { Table } from "@/shared/ui/Table";
import { AlarmRow } from "./AlarmRow";
import css from "./AlarmsPage.module.css";
import { queryOf, type AlarmFilter, type Tab } from "./filter";
import { HEAD } from "./OpenAlarms";

const NOTHING: Record<Tab, string> = {
  shelved: "No alarm is shelved. Open an alarm to shelve it: it asks for nothing until its time is over.",
  suppressed: "No alarm is suppressed. Rules suppress by the state of a machine, by calendars, or while the alarm of another rule explains them.",
  "out-of-service": "No alarm is out of service. Open an alarm to take it out while its machine or sensor is repaired.",
  history: "No closed alarm matches. An alarm closes once it is acknowledged and back to normal.",
  all: "No alarm matches.",
};

interface Props {
  filter: AlarmFilter;
  tree: Tree;
  onOpen: (alarm: Alarm) => void;
}

export function OtherAlarms({ filter, tree, onOpen }: Props) {
  const me = useSession()?.name ?? "";
  const query = queryOf(filter, me);
  const tab = filter.tab ?? "all";
  const isOver = tab === "history" || tab === "all";
  const list = useInfiniteQuery({
    queryKey: [...OTHER_ALARMS, "list", query],
    queryFn: ({ pageParam, signal }) => get(ALARMS, { ...query, limit: 100, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchOnMount: "always",
    refetchInterval: isOver ? false : 10_000,
  });
  return (
    <Panel>
      <Loaded query={list}>
        {({ pages }) => {
          const found = pages.flatMap((p) => p.items);
          if (found.length === 0) return <Note>{NOTHING[tab]}</Note>;
          return (
            <>
              <div className={css["list"]}><Table head={HEAD} label="Alarms">
                {found.map((a) => <AlarmRow key={a.id} alarm={a} tree={tree} onOpen={onOpen} />)}
              </Table></div>
              {list.hasNextPage && (
                <div className={css["pages"]}><Button onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>{isOver ? "Show older ones" : "Show more"}</Button></div>
              )}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}
