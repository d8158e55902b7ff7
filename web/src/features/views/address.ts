/** Where the page is: path and search, which say everything it shows. */

import { useRouterState } from "@tanstack/react-router";

export const useAddress = (): string => useRouterState({ select: (s) => s.location.href });

/** The same as a link that others can open. */
export const linkOf = (address: string): string => new URL(address, location.origin).href;
