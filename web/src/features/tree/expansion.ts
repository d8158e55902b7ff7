/** Which rows of the tree are open: kept in this browser; the way to the page that is shown always is. */

import { useState } from "react";
import { above } from "./rows";

const KEY = "andon.tree.open";
/** More were opened by accident. */
const MOST = 500;

/** What was open; in a browser that has kept nothing yet, the sites. */
function kept(sites: readonly string[]): readonly string[] {
  const text = localStorage.getItem(KEY);
  if (text === null) return sites;
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found.filter((p): p is string => typeof p === "string").slice(0, MOST) : [];
  } catch {
    return []; // Not written by us: as if nothing was opened.
  }
}

export function useExpansion(sites: readonly string[], here: string): [open: ReadonlySet<string>, setOpen: (open: Iterable<string>) => void] {
  const [open, set] = useState(() => new Set([...kept(sites), ...above(here)]));
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
