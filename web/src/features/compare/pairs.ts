/** Values of two sensors that belong together. Pure. */

import { asNumber } from "@/shared/chart/track";

/** Of an answer with several sensors on one clock: the values of the first two, where both have one. */
export function pairsOf(answer: unknown): [number, number][] {
  const items = (answer as { items?: { values?: unknown[] }[] }).items ?? [];
  const [xs = [], ys = []] = items.map(({ values = [] }) => values);
  return xs.flatMap((value, i): [number, number][] => {
    const [x, y] = [asNumber(value), asNumber(ys[i])];
    return x === null || y === null ? [] : [[x, y]];
  });
}

const MARGIN = 0.05;

/** An axis that holds all of some values, with a margin; never without length. */
export function boundsOf(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = (high - low) * MARGIN || Math.abs(high) * MARGIN || 1;
  return [low - margin, high + margin];
}
