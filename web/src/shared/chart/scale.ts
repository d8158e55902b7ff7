/** Where the value axis begins and ends. */

import type { Limits } from "@/shared/api/types";

/** Low and high of the numbers within the window, or null when there are none. */
export function extent(ts: readonly number[], columns: readonly (readonly (number | null)[])[], from: number, to: number): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < ts.length; i += 1) {
    const at = ts[i] ?? 0;
    if (at < from || at > to) continue;
    for (const column of columns) {
      const v = column[i];
      if (typeof v !== "number") continue;
      if (v < low) low = v;
      if (v > high) high = v;
    }
  }
  return low <= high ? [low, high] : null;
}

/** Decimals that write every multiple of a step as what it is: 2.5 needs one. At most six. */
export function decimalsOf(step: number): number {
  const isWhole = (n: number): boolean => Math.abs(n - Math.round(n)) <= 1e-6 * n;
  let decimals = 0;
  while (decimals < 6 && !isWhole(step * 10 ** decimals)) decimals += 1;
  return decimals;
}

/** The axis: the values with a margin, and the limits too when they are asked for. */
export function axisOf(values: [number, number] | null, limits: Limits, withLimits: boolean): [number, number] {
  const marks = Object.values(limits).filter((v): v is number => typeof v === "number");
  const all = [...(values ?? []), ...(withLimits || !values ? marks : [])];
  if (all.length === 0) return [0, 1];
  const low = Math.min(...all);
  const high = Math.max(...all);
  const margin = high * MARGIN - low * MARGIN || Math.abs(high) * 0.1 * MARGIN || MARGIN;
  return [Math.max(-Number.MAX_VALUE, low - margin), Math.min(Number.MAX_VALUE, high + margin)];
}

const MARGIN = 0.08;

/** How the chart reckons with values: by their quarters, for from one end of the axis to the other may be more than a number can say. */
export const QUARTERED = { fwd: (v: number): number => v / 4, bwd: (v: number): number => v * 4 };
