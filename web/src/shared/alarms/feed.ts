/** Alarms that ask for something: listed once, then kept true by the alarm stream; one list for the whole app. */

import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { all, send } from "@/shared/api/http";
import type { Alarm } from "@/shared/api/types";
import { backoff } from "@/shared/live/backoff";
import { isStanding } from "@/shared/plant/condition";
import { Batch } from "./batch";
import { EventReader } from "./sse";

export const OPEN_ALARMS = ["alarms", "open"] as const;
/** Lists of hidden and closed alarms, and counts: asked anew now and then, and after what the person did. */
export const OTHER_ALARMS = ["alarms", "other"] as const;
export const ALARMS = "/api/alerting/v1/alarms";
/** More are a flood that nobody works off one by one. */
export const MOST_ALARMS = 10_000;
const RENDER_MS = 400;
/** A stream that ends sooner was too fast for us, as in a flood: asking for everything again at once would add to it. */
const STEADY_MS = 10_000;

/** The list after some alarms changed: each takes its new shape, and leaves once it asks for nothing any more. */
export function withAlarms(alarms: readonly Alarm[], changed: Iterable<Alarm>): Alarm[] {
  const byId = new Map(alarms.map((a) => [a.id, a]));
  for (const alarm of changed) {
    if (isStanding(alarm)) byId.set(alarm.id, alarm);
    else byId.delete(alarm.id);
  }
  return [...byId.values()];
}

/** Take alarms as they are now into the list; whoever looks at one of them sees its new journal. */
export function tellAlarms(client: QueryClient, changed: readonly Alarm[]): void {
  client.setQueryData<Alarm[]>(OPEN_ALARMS, (old) => (old ? withAlarms(old, changed) : old));
  const ids = new Set<unknown>(changed.map((a) => a.id));
  // An answer that is on its way is waited for: in a flood there would be none else.
  void client.invalidateQueries({ predicate: ({ queryKey: [what, id] }) => what === "alarm" && ids.has(id) }, { cancelRefetch: false });
}

export function useOpenAlarms() {
  return useQuery({
    queryKey: OPEN_ALARMS,
    queryFn: ({ signal }) => all(ALARMS, { state: "open", limit: 500 }, signal, MOST_ALARMS),
    // The stream tells of changes; this heals what a broken stream missed.
    refetchInterval: 60_000,
    structuralSharing: false, // Comparing thousands of alarms costs more than rendering one page of them.
  });
}

async function readStream(client: QueryClient, signal: AbortSignal): Promise<void> {
  const response = await send("get", `${ALARMS}/stream`, {}, { signal, headers: { Accept: "text/event-stream" } });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return;
  // Listed after the stream is open: nothing can happen in between unseen.
  await client.invalidateQueries({ queryKey: OPEN_ALARMS });
  const events = new EventReader();
  const batch = new Batch<Alarm>(RENDER_MS, (alarms) => tellAlarms(client, alarms));
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    for (const { event, data } of events.push(value)) {
      if (event !== "alarm") continue;
      const alarm = JSON.parse(data) as Alarm;
      batch.put(alarm.id, alarm);
    }
  }
}

/** Follow the alarm stream while mounted; mount it once, in the shell. */
export function useAlarmStream(): void {
  const client = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    let trials = 0;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const follow = async (): Promise<void> => {
      const began = Date.now();
      await readStream(client, stop.signal).catch(() => undefined); // Any end means: again.
      if (Date.now() - began > STEADY_MS) trials = 0;
      if (!stop.signal.aborted) retry = setTimeout(() => void follow(), backoff(trials++));
    };
    void follow();
    return () => {
      stop.abort();
      clearTimeout(retry);
    };
  }, [client]);
}
