/** What is done once the first page stands and nobody waits: pages fetched beforehand, and kept for a time without network. */

import { preloadPages } from "@/routes/later";

/** A second's patience for slow computers, on which nothing is ever idle. */
const whenIdle = (act: () => void): void => {
  // Safari knows no idleness.
  if ("requestIdleCallback" in window) requestIdleCallback(act, { timeout: 10_000 });
  else setTimeout(act, 2_000);
};

const savesData = (): boolean => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;

async function preload(): Promise<void> {
  // Without network: again when it is asked for.
  await import("@/features/palette/Palette").catch(() => undefined);
  await preloadPages();
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

export function prepare(): void {
  window.addEventListener("vite:preloadError", renew);
  window.addEventListener("load", () => whenIdle(() => {
    if (!savesData()) void preload();
    if (import.meta.env.PROD && "serviceWorker" in navigator) void keepShell();
  }));
}
