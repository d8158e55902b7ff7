/** Does one deed to many alarms, and tells how far it is, what failed, and how it is taken back. */

import { useState } from "react";
import { useDoing, type Deed } from "@/shared/alarms/ack";
import type { Alarm } from "@/shared/api/types";
import { tell } from "@/shared/ui/tell";
import { undoOf } from "./deeds";
import { doAll, type Outcome } from "./many";
import { texts } from "./texts";

/** What was tried and did not work for all. */
export interface Rest {
  deed: Deed;
  text: (n: number) => string;
  of: number;
  failed: Outcome["failed"];
}

interface Many {
  progress: { n: number; of: number } | undefined;
  rest: Rest | undefined;
  /** text: says that so many are done. */
  run: (alarms: readonly Alarm[], deed: Deed, text: (n: number) => string) => Promise<void>;
  forget: () => void;
}

type Act = ReturnType<typeof useDoing>;

/** Say that alarms, as they were before, were dealt with, and offer the way back where there is one. */
export function tellDone(act: Act, done: readonly Alarm[], deed: Deed, text: string): void {
  const [first] = done;
  if (!first || !undoOf(deed, first)) return tell(text);
  return tell(text, {
    undo: async () => {
      const { failed } = await doAll(done, async (alarm) => { const back = undoOf(deed, alarm); if (back) await act(alarm, back); }, () => undefined);
      if (failed.length > 0) throw new Error(texts().undoFailed(failed.length));
    },
  });
}

export function useMany(): Many {
  const act = useDoing();
  const [progress, setProgress] = useState<Many["progress"]>();
  const [rest, setRest] = useState<Rest>();
  async function run(alarms: readonly Alarm[], deed: Deed, text: (n: number) => string): Promise<void> {
    setRest(undefined);
    setProgress({ n: 0, of: alarms.length });
    const { done, failed } = await doAll(alarms, (alarm) => act(alarm, deed), (n) => setProgress({ n, of: alarms.length }));
    setProgress(undefined);
    if (done.length > 0) tellDone(act, done, deed, text(done.length));
    if (failed.length > 0) setRest({ deed, text, of: alarms.length, failed });
  }
  return { progress, rest, run, forget: () => setRest(undefined) };
}
