/** Whether Andon answers at all: learnt from every question the pages ask; while it does not, they ask again. */

import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { Problem } from "@/shared/api/http";

const AGAIN_MS = 5_000;

let reachable = true;
const watchers = new Set<() => void>();

function set(now: boolean): void {
  if (now === reachable) return;
  reachable = now;
  watchers.forEach((wake) => wake());
}

/** An answer came; a refusal is one. */
export const heardAnswer = (): void => set(true);
/** A question failed: without any answer, the way there is broken. */
export const heardError = (error: unknown): void => set(!(error instanceof Problem && error.status === 0));

export const isReachable = (): boolean => reachable;

export const useReachable = (): boolean =>
  useSyncExternalStore((wake) => {
    watchers.add(wake);
    return () => watchers.delete(wake);
  }, isReachable);

/** Follow the network: a page that got no answer gets one once there is a way again, and nobody has to reload. */
export function followConnection(client: QueryClient): void {
  const again = (): void => void client.refetchQueries({ type: "active", predicate: ({ state }) => state.status === "error" });
  window.addEventListener("offline", () => set(false));
  window.addEventListener("online", again);
  if (!navigator.onLine) set(false);
  setInterval(() => { if (!reachable) again(); }, AGAIN_MS);
}
