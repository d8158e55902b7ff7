/** The last thing that changed: a machine that stopped, ran again, or raised an alarm. Pure. */

import { LEVELS, type Condition, type Level } from "@/shared/plant/condition";

export interface Change {
  /** The machine. */
  path: string;
  to: Level;
  /** Epoch ms. */
  at: number;
}

type Conditions = ReadonlyMap<string, Condition>;

/** The most important change from one second to the next, if there is any; at first all is as it is. */
export function changeOf(before: Conditions, now: Conditions, machines: readonly { path: string }[], at: number): Change | undefined {
  let found: Change | undefined;
  for (const { path } of machines) {
    const [old, is] = [before.get(path), now.get(path)];
    if (!old || !is || old === is || old.level === is.level) continue;
    if (!found || LEVELS.indexOf(is.level) < LEVELS.indexOf(found.to)) found = { path, to: is.level, at };
  }
  return found;
}
