/** The places one was at last, newest first: kept in this browser for each person apart. */

import { useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { session } from "@/shared/api/session";

const MOST = 12;
/** Longer than any path of a plant. */
const LONGEST = 600;

const key = (): string => `andon.recent.${session()?.name ?? ""}`;

/** The list after one more visit. Pure. */
export const withVisit = (places: readonly string[], place: string): string[] => [place, ...places.filter((p) => p !== place)].slice(0, MOST);

/** Places out of what was kept; what is none of ours is left out. Pure. */
export function readPlaces(text: string | null): string[] {
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(found) ? found.filter((p): p is string => typeof p === "string" && /^\/(?!\/)/.test(p) && p.length <= LONGEST).slice(0, MOST) : [];
  } catch {
    return []; // Not written by us: as if one had been nowhere.
  }
}

export const recent = (): string[] => readPlaces(localStorage.getItem(key()));

/** Remembers each page one comes to. */
export function useVisits(): void {
  const path = useRouterState({ select: (s) => s.location.pathname });
  useEffect(() => {
    if (path !== "/" && path !== "/login") localStorage.setItem(key(), JSON.stringify(withVisit(recent(), path)));
  }, [path]);
}
