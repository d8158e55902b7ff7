/** From when on the server has to tell what happened, after the feed was away. */

import type { Cell } from "./cells";

/**
 * The oldest of the newest values of all sensors that are drawn: from there on each of them is told whole. Nothing where
 * none is drawn, or one has no value yet: then the newest values will do, or history is loaded anyhow.
 */
export function missedSince(drawn: readonly (Cell | undefined)[]): number | undefined {
  if (drawn.length === 0 || drawn.includes(undefined)) return undefined;
  return Math.max(0, Math.floor(Math.min(...drawn.map((cell) => cell?.ts ?? 0))));
}
