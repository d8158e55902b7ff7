/** Replays all letters that match: first says how many can be used now, then does it, then says what happened. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Replayed } from "@/shared/api/types";
import { serverNow } from "@/shared/clock";
import { LETTERS } from "@/shared/deadletters/keys";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";
import css from "./DeadLettersPage.module.css";
import type { LetterFilter } from "./filter";
import { doneText, planText, replayAll } from "./replay";
import { reasonText } from "./reasons";
import { texts } from "./texts";

export function ReplayDialog({ filter, onClose }: { filter: LetterFilter; onClose: () => void }) {
  const t = texts();
  // Letters that come while this is open are not meant.
  const [until] = useState(() => new Date(serverNow()).toISOString());
  const [soFar, setSoFar] = useState(0);
  const client = useQueryClient();
  const plan = useQuery({ queryKey: ["replay", filter, until], queryFn: () => replayAll(filter, until, true), gcTime: 0, retry: false, refetchOnWindowFocus: false });
  const doing = useMutation({
    mutationFn: () => replayAll(filter, until, false, (sum) => setSoFar(sum.replayed)),
    onSettled: () => client.invalidateQueries({ queryKey: LETTERS }),
  });
  const known = doing.data ?? plan.data;
  const error = doing.error ?? plan.error;
  const usable = plan.data?.replayed ?? 0;
  return (
    <Dialog title={t.replayTitle} onClose={onClose}>
      <p role="status">
        {doing.data ? doneText(doing.data)
          : doing.isPending ? t.replaying(soFar, usable)
          : plan.data ? planText(plan.data)
          : error ? "" : t.looking}
      </p>
      {known && known.refused.length > 0 && <Staying outcome={known} />}
      {!doing.data && usable > 0 && <p className={css["none"]}>{t.noUndo}</p>}
      {error && <Failure error={error} />}
      <Buttons>
        {doing.data || plan.data?.replayed === 0
          ? <Button look="main" onClick={onClose}>{t.close}</Button>
          : (
            <>
              <Button onClick={onClose} autoFocus>{words().cancel}</Button>
              <Button look="main" onClick={() => doing.mutate()} disabled={usable === 0 || doing.isPending}>{t.replayLetters(usable)}</Button>
            </>
          )}
      </Buttons>
    </Dialog>
  );
}

/** Why those that stay are still refused. */
function Staying({ outcome: { refused, still_refused } }: { outcome: Replayed }) {
  const more = still_refused - refused.reduce((sum, { count }) => sum + count, 0);
  return (
    <ul className={css["staying"]}>
      {refused.map((r) => <li key={r.id}><b>{still_refused > 1 && `${texts().times(r.count)} `}{reasonText(r.reason)}</b>{r.detail}<small>{r.source}</small></li>)}
      {more > 0 && <li className={css["none"]}>{texts().more(more)}</li>}
    </ul>
  );
}
