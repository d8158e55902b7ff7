/** Dead letters: what came in and could not be used, and why. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { get } from "@/shared/api/http";
import type { DeadLetter, Page } from "@/shared/api/types";
import { timeText } from "@/shared/format/time";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { PickField } from "@/shared/ui/Form";
import { Loaded, Note, PageHead, Panel } from "@/shared/ui/Page";
import { Num, Table, Two } from "@/shared/ui/Table";
import { sizeText } from "./bytes";
import css from "./DeadLettersPage.module.css";
import { LetterDialog } from "./LetterDialog";
import { REASONS, readReason, reasonText, type Reason } from "./reasons";

interface Props {
  reason: Reason | undefined;
  onReason: (filter: { reason?: Reason }) => void;
}

export function DeadLettersPage({ reason, onReason }: Props) {
  const [opened, setOpened] = useState<DeadLetter>();
  const letters = useInfiniteQuery({
    queryKey: ["deadletters", reason ?? ""],
    queryFn: ({ pageParam, signal }) => get<Page<DeadLetter>>("/api/ingest/v1/deadletters", { reason, limit: 50, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
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

function LetterTable({ letters, onOpen }: { letters: readonly DeadLetter[]; onOpen: (letter: DeadLetter) => void }) {
  return (
    <Table head={["When", { text: "Why", look: "wide" }, "From", { text: "Original", look: "num" }]} label="Dead letters">
      {letters.map((letter) => (
        <tr key={letter.id}>
          <td><time dateTime={letter.at}>{timeText(Date.parse(letter.at))}</time></td>
          <Two below={letter.detail}>{reasonText(letter.reason)}</Two>
          <td className={css["source"]}>{letter.source}{letter.device && <div className={css["none"]}>{letter.device}</div>}</td>
          <Num><button type="button" className={css["open"]} onClick={() => onOpen(letter)} aria-label={`Show the letter of ${letter.at}`}>{letter.size ? sizeText(letter.size) : "Details"}</button></Num>
        </tr>
      ))}
    </Table>
  );
}

function Nothing({ filtered, more }: { filtered: boolean; more: boolean }) {
  if (filtered) return <Note>No letter of this reason{more ? " among the newest ones" : ""}. Choose “All” to see the others.</Note>;
  return <Note>No dead letters: everything that came in could be used.</Note>;
}
