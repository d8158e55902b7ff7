/** The view of the page that is shown: what its address says, and nothing else that stands there. */

import { useRouterState } from "@tanstack/react-router";
import { useMemo } from "react";

/**
 * A route's `validateSearch` adds what it has read to what the address holds, and takes nothing away: so it is read here.
 * `read`: a function that stays the same.
 */
export function useView<V extends object>(read: (search: Record<string, unknown>) => V): V {
  const search = useRouterState({ select: ({ matches }) => matches.at(-1)?.search as Record<string, unknown> | undefined });
  return useMemo(() => read(search ?? {}), [read, search]);
}
