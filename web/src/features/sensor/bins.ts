/** A histogram as bars, and the marks below it. */

import type { Histogram } from "@/shared/api/types";

export interface Bar {
  from: number;
  to: number;
  /** How long the sensor lay there. */
  seconds: number;
  /** Part of all seconds; of samples where no time is known. */
  share: number;
  /** Part of the highest bar. */
  height: number;
}

export function barsOf({ edges, counts, seconds }: Histogram): Bar[] {
  const known = seconds.some((s) => s > 0);
  const weights = known ? seconds : counts;
  const total = weights.reduce((a, b) => a + b, 0) || 1;
  const most = Math.max(...weights, 0) || 1;
  return weights.map((weight, i) => ({
    from: edges[i] ?? 0,
    to: edges[i + 1] ?? 0,
    seconds: seconds[i] ?? 0,
    share: weight / total,
    height: weight / most,
  }));
}

const STEPS = [1, 2, 5, 10];

/** Round numbers from `low` to `high`, at most `most` of them, and the decimals that tell them apart. */
export function ticksOf(low: number, high: number, most: number): { ticks: number[]; decimals: number } {
  const rough = (high - low) / most;
  if (!(rough > 0) || !Number.isFinite(rough)) return { ticks: [], decimals: 0 };
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((s) => s * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  const ticks = Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
  return { ticks, decimals: Math.max(0, Math.min(6, Math.ceil(-Math.log10(step) - 1e-9))) };
}
