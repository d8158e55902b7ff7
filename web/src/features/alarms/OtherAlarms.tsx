/** Alarms that ask for nothing now: hidden ones, and those that are over; page by page, found by time. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { ALARMS, OTHER_ALARMS } from "@/shared/alarms/feed";
import { get } from "@/shared/api/http";
import { useMay, useSession } from "@/shared/api/session";
import type { Alarm } from "@/shared/api/types";
import type { Tree } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Loaded } from "@/shared/ui/Page";
import css from "./AlarmsPage.module.css";
import { ExportButton } from "./ExportButton";
import { isPast, queryOf, says, type AlarmFilter, type Tab } from "./filter";
import { AlarmTable } from "./list/AlarmTable";
import { useSelecting } from "./list/useSelecting";
import { ListBar } from "./ListBar";
import { RestDialog } from "./RestDialog";
import { texts } from "./texts";
import { useMany } from "./useMany";

interface Props {
  filter: AlarmFilter & { tab: Tab };
  tree: Tree;
  onOpen: (alarm: Alarm) => void;
}

function usePages(filter: Props["filter"]) {
  const query = queryOf(filter, useSession()?.name ?? "");
  return useInfiniteQuery({
    queryKey: [...OTHER_ALARMS, "list", query],
    queryFn: ({ pageParam, signal }) => get(ALARMS, { ...query, limit: 200, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchOnMount: "always",
    refetchInterval: isPast(filter.tab) ? false : 10_000,
  });
}

export function OtherAlarms(props: Props) {
  const list = usePages(props.filter);
  const more = list.hasNextPage && (
    <div className={css["pages"]}>
      <Button onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>{isPast(props.filter.tab) ? texts().older : texts().more}</Button>
    </div>
  );
  return (
    <Loaded query={list}>
      {({ pages }) => <List key={JSON.stringify(props.filter)} {...props} pages={pages} more={more} isWhole={!list.hasNextPage} />}
    </Loaded>
  );
}

interface ListProps extends Props {
  pages: readonly { items: Alarm[] }[];
  more: React.ReactNode;
  /** Nothing is left to be loaded. */
  isWhole: boolean;
}

/** What can be done with many, by tab. */
const UNDONE = { shelved: "unshelve", "out-of-service": "in-service" } as const;

function List({ filter, tree, onOpen, pages, more, isWhole }: ListProps) {
  const { tab, text = "" } = filter;
  const loaded = useMemo(() => pages.flatMap((p) => p.items), [pages]);
  const found = useMemo(() => loaded.filter((a) => says(text, a)), [loaded, text]);
  const selecting = useSelecting(found);
  const many = useMany();
  const verb = (UNDONE as Partial<Record<Tab, "unshelve" | "in-service">>)[tab];
  const maySelect = useMay("operator") && verb !== undefined;
  const say = texts();
  const listed = isWhole ? say.listed(found.length) : text ? say.found(found.length, loaded.length) : say.loaded(loaded.length);
  return (
    <>
      <ListBar text={listed} shown={maySelect ? found.length : 0} selecting={selecting} progress={many.progress}
        acts={verb && <Button look="main" onClick={() => void many.run(selecting.picked, { verb }, verb === "unshelve" ? say.unshelved : say.inService)}>{say.acts[verb]}</Button>}>
        <ExportButton filter={filter} />
      </ListBar>
      <AlarmTable label={say.titles[tab]} alarms={found} tree={tree} empty={loaded.length > 0 && !isWhole ? say.nothingOfLoaded(loaded.length) : say.nothing[tab]}
        selecting={maySelect ? selecting : undefined} onOpen={onOpen} />
      {more}
      {many.rest && <RestDialog rest={many.rest} onClose={many.forget} onAgain={(again) => many.rest && void many.run(again, many.rest.deed, many.rest.text)} />}
    </>
  );
}
