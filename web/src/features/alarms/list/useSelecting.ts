/** Which alarms of the list are ticked. */

import { useCallback, useMemo, useState } from "react";
import type { Alarm } from "@/shared/api/types";
import { NONE, pick, type Picks } from "./pick";

export interface Selecting {
  picks: Picks;
  /** Those ticked that are still in the list. */
  picked: readonly Alarm[];
  pick: (id: string, on: boolean, range: boolean) => void;
  all: () => void;
  none: () => void;
}

/** alarms: the list, in order; what has left it, or was filtered away, is no longer ticked. */
export function useSelecting(alarms: readonly Alarm[]): Selecting {
  const [picks, setPicks] = useState(NONE);
  const order = useMemo(() => alarms.map((a) => a.id), [alarms]);
  const picked = useMemo(() => (picks.ids.size ? alarms.filter((a) => picks.ids.has(a.id)) : []), [alarms, picks]);
  const [latest] = useState({ order });
  latest.order = order;
  return {
    picks, picked,
    // The same function for all of a list's life, so that rows need not be drawn anew for it.
    pick: useCallback((id: string, on: boolean, range: boolean) => setPicks((old) => pick(old, latest.order, id, on, range)), [latest]),
    all: () => setPicks({ ids: new Set(order) }),
    none: () => setPicks(NONE),
  };
}
