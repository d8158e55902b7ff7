/** Whether the tree stands beside the pages of the plant: kept in this browser. */

import { useState } from "react";

const KEY = "andon.tree";

/** On a phone the tree lies over the page: there it is opened to choose, and closed again. */
export const isOverPage = (): boolean => window.matchMedia("(max-width: 700px)").matches;

export function useTreeOpen(): { isOpen: boolean; toggle: () => void } {
  const [isOpen, setOpen] = useState(() => localStorage.getItem(KEY) === "open" && !isOverPage());
  const toggle = (): void => {
    if (!isOverPage()) localStorage.setItem(KEY, isOpen ? "closed" : "open");
    setOpen(!isOpen);
  };
  return { isOpen, toggle };
}
