/** Whether the search over the whole plant is open, by which keys it opens, and what is typed before its field is there. */

import { useSyncExternalStore } from "react";

let isOpen = false;
/** The code of the search may still travel: nothing that is typed meanwhile is lost. */
let typed = "";
const watchers = new Set<() => void>();

function set(open: boolean, text: string): void {
  [isOpen, typed] = [open, text];
  watchers.forEach((wake) => wake());
}

export const openPalette = (): void => set(true, isOpen ? typed : "");
export const closePalette = (): void => set(false, "");

function watch(wake: () => void): () => void {
  watchers.add(wake);
  return () => watchers.delete(wake);
}

export const usePaletteOpen = (): boolean => useSyncExternalStore(watch, () => isOpen);

export const typedAhead = (): string => typed;
/** Told each time something was typed before the field had the focus. */
export function onTypedAhead(take: (text: string) => void): () => void {
  const tell = (): void => { if (typed) take(typed); };
  tell();
  return watch(tell);
}

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

const WRITING = "input, textarea, select, [contenteditable]";
const isWriting = (focused: Element | null): boolean => Boolean(focused?.closest(WRITING));

/** Whether a key press asks for the search: Ctrl-K or Cmd-K anywhere, `/` where nobody is writing. */
export function asksForPalette({ key, ctrlKey, metaKey, altKey }: Press, focused: Element | null): boolean {
  if (altKey) return false;
  if (key.toLowerCase() === "k") return ctrlKey || metaKey;
  return key === "/" && !ctrlKey && !metaKey && !isOpen && !isWriting(focused);
}

/** Takes a key that is meant for the search while its field cannot take it; says whether it was. */
export function typeAhead({ key, ctrlKey, metaKey, altKey }: Press, focused: Element | null): boolean {
  if (!isOpen || ctrlKey || metaKey || altKey || isWriting(focused)) return false;
  if (key.length === 1) set(true, typed + key);
  else if (key === "Backspace") set(true, typed.slice(0, -1));
  else return false;
  return true;
}
