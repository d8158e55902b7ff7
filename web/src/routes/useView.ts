/** The view of the page that is shown: what its address says, and nothing else that stands there. */

import { useNavigate, useRouter, useRouterState } from "@tanstack/react-router";
import { useEffect, useMemo, useRef } from "react";

/**
 * A route's `validateSearch` adds what it has read to what the address holds, and takes nothing away: so it is read here.
 * `read`: a function that stays the same.
 */
export function useView<V extends object>(read: (search: Record<string, unknown>) => V): V {
  const search = useRouterState({ select: ({ matches }) => matches.at(-1)?.search as Record<string, unknown> | undefined });
  return useMemo(() => read(search ?? {}), [read, search]);
}

/**
 * Writes another view into the page's address; from a page that was left meanwhile, as by what it saved, nothing comes any
 * more, nor from one that stands only until the next one's code is here.
 */
export function useShow<V extends object>(): (view: V) => void {
  const navigate = useNavigate();
  const router = useRouter();
  const isThere = useRef(false);
  useEffect(() => {
    isThere.current = true;
    return () => { isThere.current = false; };
  }, []);
  return (view) => {
    const isLeft = (router.state.resolvedLocation ?? router.latestLocation).pathname !== router.latestLocation.pathname;
    if (isThere.current && !isLeft) void navigate({ to: ".", search: view as never, replace: true });
  };
}
