/** Alarms by the days, or the hours, they came in, on the clock of the one who looks. Pure. */

import type { PastAlarm } from "@/shared/api/types";
import { instantOf, wallOf } from "@/shared/format/zone";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Up to so long a stretch is told by the hour. */
const HOURLY = 2 * DAY;

export interface Slot {
  /** Epoch ms at which it begins. */
  start: number;
  count: number;
}

export const isHourly = (from: number, to: number): boolean => to - from <= HOURLY;

/** A slot for each day or hour from `from` to `to`, also where nothing came. */
export function slotsOf(alarms: readonly Pick<PastAlarm, "since">[], from: number, to: number, zone: string): Slot[] {
  const size = isHourly(from, to) ? HOUR : DAY;
  const at = (ms: number): number => Math.floor(wallOf(ms, zone) / size);
  const [first, last] = [at(from), at(to - 1)];
  const slots = Array.from({ length: last - first + 1 }, (_, i) => ({ start: instantOf((first + i) * size, zone), count: 0 }));
  for (const { since } of alarms) {
    const slot = slots[at(Date.parse(since)) - first];
    if (slot) slot.count += 1;
  }
  return slots;
}
