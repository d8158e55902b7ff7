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
