/** The rows of a list that may be held: as it stands, or as it stood when somebody took hold of it. */

import { useMemo, useState } from "react";
import type { Alarm } from "@/shared/api/types";
import { hold, type Held } from "./hold";

const NOBODY: ReadonlySet<string> = new Set();

export function useHeld(alarms: readonly Alarm[], isHeld: boolean): Held {
  const [taken, setTaken] = useState<readonly Alarm[]>();
  // Set while drawing, so that no list in between is ever seen.
  if (isHeld && !taken) setTaken(alarms);
  if (!isHeld && taken) setTaken(undefined);
  return useMemo(() => (isHeld && taken ? hold(taken, alarms) : { rows: alarms, gone: NOBODY, waiting: 0 }), [isHeld, taken, alarms]);
}
