/** What the search can do besides leading somewhere. */

import { useNavigate, useRouter, useRouterState } from "@tanstack/react-router";
import { plantPath } from "@/shared/plant/address";
import { language, prefer, THEMES, usePreferences } from "@/shared/preferences/preferences";
import { entry, type Entry } from "./entries";
import { texts } from "./texts";

/** `leave` signs out. */
export function useActions(leave: () => void): Entry[] {
  const { theme } = usePreferences();
  const { routesByPath } = useRouter();
  const navigate = useNavigate();
  const under = useRouterState({ select: (s) => plantPath(s.location.pathname) });
  const { actions, also } = texts();
  const board = (to: string) => () => void navigate({ href: to });
  return [
    ...THEMES.filter((t) => t !== theme).map((t) => entry("action", `act:${t}`, actions[t], "", also[t], () => prefer({ theme: t }))),
    entry("action", "act:language", actions.language, "", also.language, () => prefer({ language: language() === "de" ? "en" : "de" })),
    ...("/tv" in routesByPath ? [
      entry("action", "act:tv", actions.tv, "", also.tv, board("/tv")),
      ...(under ? [entry("action", "act:tv-here", actions.here, "", also.here, board(`/tv?under=${encodeURIComponent(under)}`))] : []),
    ] : []),
    entry("action", "act:out", actions.signOut, "", also.signOut, leave),
  ];
}
