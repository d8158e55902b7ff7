/** Whether Andon answers at all: learnt from every question the pages ask. */

import { useSyncExternalStore } from "react";
import { Problem } from "@/shared/api/http";

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
