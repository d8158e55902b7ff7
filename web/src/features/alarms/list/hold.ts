/** A list that stands still while hands are on it: what is new waits, what has gone stays where it was. Pure. */

import type { Alarm } from "@/shared/api/types";

export interface Held {
  rows: readonly Alarm[];
  /** Of these rows, those that are no longer in the list. */
  gone: ReadonlySet<string>;
  /** How many wait to be shown. */
  waiting: number;
}

/** shown: as the list stood when it was taken hold of; now: as it would stand. */
export function hold(shown: readonly Alarm[], now: readonly Alarm[]): Held {
  const byId = new Map(now.map((a) => [a.id, a]));
  const gone = new Set<string>();
  const rows = shown.map((alarm) => {
    const newest = byId.get(alarm.id);
    if (newest) byId.delete(alarm.id);
    else gone.add(alarm.id);
    return newest ?? alarm;
  });
  return { rows, gone, waiting: byId.size };
}
