/** Where turns lie on strips of seven days. Pure. */

import { wallOf } from "@/shared/format/zone";
import type { Turn } from "./duty";

const WEEK = 7 * 86_400_000;

export interface Place extends Turn {
  /** Percent of the strip. */
  left: number;
  width: number;
}

/**
 * Turns on the strip of the `week`-th week after a midnight (epoch ms), on the clock of `zone`: so that every day is
 * as wide as any other, also that on which clocks change.
 */
export function placesOf(turns: readonly Turn[], midnight: number, week: number, zone: string): Place[] {
  const start = wallOf(midnight, zone) + week * WEEK;
  const percent = (ms: number): number => (100 * Math.min(WEEK, Math.max(0, wallOf(ms, zone) - start))) / WEEK;
  return turns
    .map((turn) => ({ ...turn, left: percent(turn.from), width: percent(turn.to) - percent(turn.from) }))
    .filter(({ width }) => width > 0);
}

/** Where a moment is on such a strip, in percent; undefined where it is on another one. */
export function markOf(ms: number, midnight: number, week: number, zone: string): number | undefined {
  const share = (wallOf(ms, zone) - wallOf(midnight, zone) - week * WEEK) / WEEK;
  return share >= 0 && share < 1 ? 100 * share : undefined;
}
