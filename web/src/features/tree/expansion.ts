/** Which rows of the tree are open: kept in this browser; the way to the page that is shown always is. */

import { useState } from "react";
import { above } from "./rows";

const KEY = "andon.tree.open";
/** More were opened by accident. */
const MOST = 500;

function kept(): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((p): p is string => typeof p === "string").slice(0, MOST) : [];
  } catch {
    return []; // Not written by us: as if nothing was opened.
  }
}

export function useExpansion(here: string): [open: ReadonlySet<string>, setOpen: (open: Iterable<string>) => void] {
  const [open, set] = useState(() => new Set([...kept(), ...above(here)]));
  const [shown, show] = useState(here);
  if (shown !== here) {
    show(here);
    set(new Set([...open, ...above(here)]));
  }
  const setOpen = (changed: Iterable<string>): void => {
    const now = new Set(changed);
    localStorage.setItem(KEY, JSON.stringify([...now].slice(0, MOST)));
    set(now);
  };
  return [open, setOpen];
}
