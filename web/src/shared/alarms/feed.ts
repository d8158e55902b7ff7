/** Open alarms: listed once, then kept true by the alarm stream; one list for the whole app. */

import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { all, send } from "@/shared/api/http";
import type { Alarm } from "@/shared/api/types";
import { backoff } from "@/shared/live/backoff";
import { EventReader } from "./sse";

export const OPEN_ALARMS = ["alarms", "open"] as const;
const BASE = "/api/alerting/v1/alarms";

/** The list after one transition: the alarm takes its new shape, and leaves once it is normal. */
export function withAlarm(alarms: readonly Alarm[], alarm: Alarm): Alarm[] {
  const others = alarms.filter((a) => a.id !== alarm.id);
  return alarm.state === "normal" ? others : [alarm, ...others];
}

export const tellAlarm = (client: QueryClient, alarm: Alarm): void => {
  client.setQueryData<Alarm[]>(OPEN_ALARMS, (old) => (old ? withAlarm(old, alarm) : old));
};

export function useOpenAlarms() {
  return useQuery({
    queryKey: OPEN_ALARMS,
    queryFn: ({ signal }) => all<Alarm>(BASE, { state: "open", limit: 500 }, signal, 5_000),
    // The stream tells of changes; this heals what a broken stream missed.
    refetchInterval: 60_000,
  });
}

async function readStream(client: QueryClient, signal: AbortSignal, heard: () => void): Promise<void> {
  const response = await send(`${BASE}/stream`, { signal, headers: { Accept: "text/event-stream" } });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return;
  heard();
  // Listed after the stream is open: nothing can happen in between unseen.
  await client.invalidateQueries({ queryKey: OPEN_ALARMS });
  const events = new EventReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    for (const { event, data } of events.push(value)) {
      if (event === "alarm") tellAlarm(client, JSON.parse(data) as Alarm);
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
      await readStream(client, stop.signal, () => (trials = 0)).catch(() => undefined); // Any end means: again.
      if (!stop.signal.aborted) retry = setTimeout(() => void follow(), backoff(trials++));
    };
    void follow();
    return () => {
      stop.abort();
      clearTimeout(retry);
    };
  }, [client]);
}
