/** How many dead letters came since somebody last looked at their page in this browser. */

import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { get } from "@/shared/api/http";
import type { DeadLetter, Page } from "@/shared/api/types";

const KEY = "andon.deadletters.seen";
const listeners = new Set<() => void>();

const seen = (): number => Number(localStorage.getItem(KEY) ?? 0) || 0;
const subscribe = (tell: () => void): (() => void) => {
  listeners.add(tell);
  return () => listeners.delete(tell);
};

/** Letters are numbered in a row; a smaller number than the one seen means that counting began anew. */
export const unreadOf = (newest: number, last: number): number => (newest < last ? newest : newest - last);

/** Everything up to this letter has been on screen. */
export function markSeen(id: string): void {
  if (Number(id) === seen()) return;
  localStorage.setItem(KEY, id);
  listeners.forEach((tell) => tell());
}

/** Asked once a minute: it is a hint to look, not a measurement. */
export function useUnread(): number {
  const last = useSyncExternalStore(subscribe, seen);
  const newest = useQuery({
    queryKey: ["deadletters", "newest"],
    queryFn: async ({ signal }) => Number((await get<Page<DeadLetter>>("/api/ingest/v1/deadletters", { limit: 1 }, signal)).items[0]?.id ?? 0),
    refetchInterval: 60_000,
  });
  return newest.data === undefined ? 0 : unreadOf(newest.data, last);
}
