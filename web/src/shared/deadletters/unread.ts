/** How many dead letters came since somebody last looked at their page in this browser. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { get } from "@/shared/api/http";
import type { DeadLetter } from "@/shared/api/types";
import { NEWEST } from "./keys";

const KEY = "andon.deadletters.seen";
const KEY_AT = "andon.deadletters.seen.at";
const listeners = new Set<() => void>();

/** The mark: everything up to this letter has been seen; null in a browser that keeps none yet. */
export function seen(): number | null {
  const kept = localStorage.getItem(KEY);
  return kept === null ? null : Number(kept) || 0;
}
/** When the letter at the mark came, in epoch ms; NaN in a browser that does not know. */
const seenAt = (): number => Number(localStorage.getItem(KEY_AT) ?? NaN);
const subscribe = (tell: () => void): (() => void) => {
  listeners.add(tell);
  return () => listeners.delete(tell);
};
function keep(mark: number, at: number): void {
  localStorage.setItem(KEY, String(mark));
  localStorage.setItem(KEY_AT, String(at));
  listeners.forEach((tell) => tell());
}

/** `newest` may be older than the mark: it is up to a minute old, and the page marks what it shows at once. */
export const unreadOf = (newest: number, mark: number | null): number => (mark === null ? 0 : Math.max(0, newest - mark));

/** Never lowers the mark: the page may show what it kept from an earlier visit. */
export function markSeen(id: number, at: number): void {
  if (id > (seen() ?? -1)) keep(id, at);
}

/** Where the mark, as it was when the poll began, has to go; no letter at all (0) tells nothing about the numbers. */
export function markAfter(newest: number, mark: number | null, isOlder = false): number | null {
  if (mark === null) return newest; // What came before this browser did is nothing new to it.
  if (isOlder) return mark; // The newest ones were replayed, and are gone.
  return newest > 0 && newest < mark ? 0 : mark; // The stream was emptied, and counts anew.
}

/** The number of the newest letter; 0 when there is none. */
export async function askNewest(signal?: AbortSignal): Promise<number> {
  const before = seen();
  const page = await get("/api/ingest/v1/deadletters", { limit: 1 }, signal);
  const newest = Number(page.items[0]?.id ?? 0);
  const at = Date.parse(page.items[0]?.at ?? "");
  const mark = markAfter(newest, before, at <= seenAt());
  // The page may have marked newer letters while this answer was on its way.
  if (mark !== null && mark !== before && seen() === before) keep(mark, at);
  return newest;
}

/** Asked once a minute: it is a hint to look, not a measurement. */
export function useUnread(): number {
  const mark = useSyncExternalStore(subscribe, seen);
  const newest = useQuery({ queryKey: NEWEST, queryFn: ({ signal }) => askNewest(signal), refetchInterval: 60_000 });
  return newest.data === undefined ? 0 : unreadOf(newest.data, mark);
}

/** Everything up to this letter is on screen, also when counting begins anew meanwhile. */
export function useMarkSeen(letter: DeadLetter | undefined): void {
  const client = useQueryClient();
  const mark = useSyncExternalStore(subscribe, seen);
  const [id, at] = [letter?.id, letter?.at];
  useEffect(() => {
    if (id === undefined || at === undefined) return;
    client.setQueryData<number>(NEWEST, (newest) => Math.max(newest ?? 0, Number(id)));
    markSeen(Number(id), Date.parse(at));
  }, [client, id, at, mark]);
}
