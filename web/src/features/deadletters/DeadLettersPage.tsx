/** Dead letters: what came in and could not be used, and why. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { get } from "@/shared/api/http";
import type { DeadLetter, Page } from "@/shared/api/types";
import { pagesOf } from "@/shared/deadletters/keys";
import { useMarkSeen } from "@/shared/deadletters/unread";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { PickField } from "@/shared/ui/Form";
import { Loaded, Note, PageHead, Panel } from "@/shared/ui/Page";
import css from "./DeadLettersPage.module.css";
import { LetterDialog } from "./LetterDialog";
import { LetterTable } from "./LetterTable";
import { REASONS, readReason, type Reason } from "./reasons";

/** As many as the service gives at once: a flood shall fold into few lines. */
const MOST_AT_ONCE = 200;

interface Props {
  reason: Reason | undefined;
  onReason: (filter: { reason?: Reason }) => void;
}

export function DeadLettersPage({ reason, onReason }: Props) {
  const [opened, setOpened] = useState<DeadLetter>();
  const letters = useInfiniteQuery({
    queryKey: pagesOf(reason),
    queryFn: ({ pageParam, signal }) => get<Page<DeadLetter>>("/api/ingest/v1/deadletters", { reason, limit: MOST_AT_ONCE, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  useMarkSeen(reason ? undefined : letters.data?.pages[0]?.items[0]?.id);
  return (
    <>
      <Trail here="Dead letters" />
      <PageHead title="Dead letters" hint="What came in and could not be used, newest first. Nothing disappears without a line here.">
        <Button onClick={() => void letters.refetch()} disabled={letters.isFetching}><RefreshCw size={16} aria-hidden />Refresh</Button>
      </PageHead>
      <div className={css["filter"]}>
        <PickField label="Reason" value={reason ?? ""} onPick={(v) => onReason(readReason({ reason: v }))} options={[["", "All"], ...Object.entries(REASONS)]} />
      </div>
      <Panel>
        <Loaded query={letters}>
          {({ pages }) => {
            const found = pages.flatMap((p) => p.items);
            return (
              <>
                {found.length > 0 ? <LetterTable letters={found} onOpen={setOpened} /> : <Nothing filtered={reason !== undefined} more={letters.hasNextPage} />}
                {letters.hasNextPage && (
                  <div className={css["older"]}><Button onClick={() => void letters.fetchNextPage()} disabled={letters.isFetchingNextPage}>Show older ones</Button></div>
                )}
              </>
            );
          }}
        </Loaded>
      </Panel>
      {opened && <LetterDialog letter={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}

function Nothing({ filtered, more }: { filtered: boolean; more: boolean }) {
  if (filtered) return <Note>No letter of this reason{more ? " among the newest ones" : ""}. Choose “All” to see the others.</Note>;
  return <Note>No dead letters: everything that came in could be used.</Note>;
}
