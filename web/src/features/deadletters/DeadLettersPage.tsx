/** Dead letters: what came in and could not be used, why, and the way back once the cause is mended. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { RefreshCw, RotateCcw } from "lucide-react";
import { useState } from "react";
import { get } from "@/shared/api/http";
import type { DeadLetter } from "@/shared/api/types";
import { pagesOf } from "@/shared/deadletters/keys";
import { useMarkSeen } from "@/shared/deadletters/unread";
import { Allowed } from "@/shared/ui/Allowed";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { Loaded, Note, PageHead, Panel } from "@/shared/ui/Page";
import css from "./DeadLettersPage.module.css";
import { isNarrowed, type LetterFilter } from "./filter";
import { FilterBar } from "./FilterBar";
import { LetterDialog } from "./LetterDialog";
import { LetterTable } from "./LetterTable";
import { LETTERS_URL } from "./replay";
import { ReplayDialog } from "./ReplayDialog";
import { texts } from "./texts";

/** As many as the service gives at once: a flood shall fold into few lines. */
const MOST_AT_ONCE = 200;

interface Props {
  view: LetterFilter;
  onView: (filter: LetterFilter) => void;
}

export const DeadLettersPage = (props: Props) => <Allowed role="engineer" title={texts().title}><DeadLetters {...props} /></Allowed>;

function DeadLetters({ view: filter, onView: onFilter }: Props) {
  const t = texts();
  const [opened, setOpened] = useState<DeadLetter | "replay">();
  const letters = useInfiniteQuery({
    queryKey: pagesOf(filter),
    queryFn: ({ pageParam, signal }) => get(LETTERS_URL, { ...filter, limit: MOST_AT_ONCE, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  useMarkSeen(isNarrowed(filter) ? undefined : letters.data?.pages[0]?.items[0]);
  return (
    <>
      <Trail here={t.title} />
      <PageHead title={t.title} hint={t.hint}>
        <Button onClick={() => void letters.refetch()} disabled={letters.isFetching}><RefreshCw size={16} aria-hidden />{t.refresh}</Button>
        <Button look="main" onClick={() => setOpened("replay")}><RotateCcw size={16} aria-hidden />{isNarrowed(filter) ? t.replayMatching : t.replayAll}</Button>
      </PageHead>
      <FilterBar filter={filter} onFilter={onFilter} />
      <Panel>
        <Loaded query={letters}>
          {({ pages }) => {
            const found = pages.flatMap((p) => p.items);
            return (
              <>
                {found.length > 0 ? <LetterTable letters={found} onOpen={setOpened} /> : <Nothing narrowed={isNarrowed(filter)} more={letters.hasNextPage} />}
                {letters.hasNextPage && (
                  <div className={css["older"]}><Button onClick={() => void letters.fetchNextPage()} disabled={letters.isFetchingNextPage}>{t.older}</Button></div>
                )}
              </>
            );
          }}
        </Loaded>
      </Panel>
      {opened === "replay" && <ReplayDialog filter={filter} onClose={() => setOpened(undefined)} />}
      {opened && opened !== "replay" && <LetterDialog letter={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}

function Nothing({ narrowed, more }: { narrowed: boolean; more: boolean }) {
  return <Note>{narrowed ? texts().noMatch(more) : texts().none}</Note>;
}
