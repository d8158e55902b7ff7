/** Whether the search over the whole plant is open. */

import { useSyncExternalStore } from "react";

let isOpen = false;
const watchers = new Set<() => void>();

function set(open: boolean): void {
  isOpen = open;
  watchers.forEach((wake) => wake());
}

export const openPalette = (): void => set(true);
export const closePalette = (): void => set(false);

export const usePaletteOpen = (): boolean =>
  useSyncExternalStore((wake) => {
    watchers.add(wake);
    return () => watchers.delete(wake);
  }, () => isOpen);

const WRITING = "input, textarea, select, [contenteditable]";

/** Whether a key press asks for the search: Ctrl-K or Cmd-K anywhere, `/` where nobody is writing. */
export function asksForPalette({ key, ctrlKey, metaKey, altKey, target }: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "target">): boolean {
  if (altKey) return false;
  if (key.toLowerCase() === "k") return ctrlKey || metaKey;
  return key === "/" && !ctrlKey && !metaKey && !(target as Partial<Element> | null)?.closest?.(WRITING);
}
