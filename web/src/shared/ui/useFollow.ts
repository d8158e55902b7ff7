/** Many plain links under one listener: a thousand of the router's own each look at every change of address. */

import { useRouter } from "@tanstack/react-router";
import type { MouseEvent } from "react";

/** For `onClick` of what holds links within Andon: a plain click goes there without loading the page anew. */
export function useFollow(): (event: MouseEvent) => void {
  const { history } = useRouter();
  return (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    // What opens a tab or a window, or saves the page, is the browser's.
    if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.push(link.pathname);
  };
}
