/** What is done once the first page stands and nobody waits: pages fetched beforehand, and kept for a time without network. */

import type { QueryClient } from "@tanstack/react-query";
import { preloadPages } from "@/routes/later";
import { Palette } from "./later";

/** Once the browser has nothing better to do, or for too long never had. */
const idle = (): Promise<void> => new Promise((go) => {
  // Safari knows no idleness.
  if ("requestIdleCallback" in window) requestIdleCallback(() => go(), { timeout: 10_000 });
  else setTimeout(go, 200);
});

const savesData = (): boolean => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;

/** Once the first page has all it asked for, which would otherwise come after what nobody waits for. */
const shown = (client: QueryClient): Promise<void> => new Promise((go) => {
  const look = (): void => {
    if (client.isFetching() > 0) return;
    end();
    go();
  };
  const end = client.getQueryCache().subscribe(look);
  look();
});

async function preload(): Promise<void> {
  // Without network: again when it is asked for.
  await Palette.preload().catch(() => undefined);
  await preloadPages(idle);
}

async function keepShell(): Promise<void> {
  try {
    await navigator.serviceWorker.register("/sw.js");
  } catch {
    // A browser that forbids it, as in a private window: the pages work with a network all the same.
  }
}

const RENEWED = "andon.renewed";
const ONCE_IN_MS = 60_000;

/** A page that stood open while Andon was renewed asks for code that is gone: the new page has it under another name. */
function renew(event: Event): void {
  if (!navigator.onLine || Date.now() - Number(sessionStorage.getItem(RENEWED)) < ONCE_IN_MS) return; // The page says what is missing.
  event.preventDefault();
  sessionStorage.setItem(RENEWED, String(Date.now()));
  location.reload();
}

async function prepareMore(client: QueryClient): Promise<void> {
  await idle(); // By then the page has asked.
  await shown(client);
  await idle();
  if (!savesData()) void preload();
  if (import.meta.env.PROD && "serviceWorker" in navigator) void keepShell();
}

export function prepare(client: QueryClient): void {
  window.addEventListener("vite:preloadError", renew);
  window.addEventListener("load", () => void prepareMore(client));
}
