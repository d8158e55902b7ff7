/** Whether Andon answers at all: learnt from every question the pages ask; while it does not, they ask again. */

import type { QueryClient } from "@tanstack/react-query";
import { Problem } from "@/shared/api/http";
import { watched } from "@/shared/watched";

const AGAIN_MS = 5_000;

const reachable = watched(true);

/** An answer came; a refusal is one. */
export const heardAnswer = (): void => reachable.set(true);
/** A question failed: without any answer, the way there is broken. */
export const heardError = (error: unknown): void => reachable.set(!(error instanceof Problem && error.status === 0));

export const isReachable = reachable.get;
export const useReachable = reachable.use;

/** Follow the network: a page that got no answer gets one once there is a way again, and nobody has to reload. */
export function followConnection(client: QueryClient): void {
  const again = (): void => void client.refetchQueries({ type: "active", predicate: ({ state }) => state.status === "error" });
  window.addEventListener("offline", () => reachable.set(false));
  window.addEventListener("online", again);
  if (!navigator.onLine) reachable.set(false);
  setInterval(() => { if (!reachable.get()) again(); }, AGAIN_MS);
}
