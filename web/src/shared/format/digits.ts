/** How many decimals a sensor's values are shown with. Pure. */

import type { Sensor } from "@/shared/api/types";

/** What the registry gives a sensor of which nobody said it. */
const UNSAID = 1;
const MOST = 6;

/**
 * The sensor's own decimals; where nobody chose them, enough to tell apart what lies within `spread` (its unit).
 *
 *     0.02 mm of wear -> 3 decimals;   20 °C -> 1
 */
export function digitsOf({ decimals }: Pick<Sensor, "decimals">, spread: number): number {
  if (decimals !== UNSAID || !(spread > 0) || !Number.isFinite(spread)) return decimals;
  return Math.min(MOST, Math.max(UNSAID, Math.ceil(-Math.log10(spread)) + 1));
}

/** For a value on its own: by the size of the sensor's limits, else by its own, so that digits stay while it moves. */
export function digitsAt(sensor: Pick<Sensor, "decimals" | "limits">, value: number): number {
  const limits = Object.values(sensor.limits ?? {}).filter((limit): limit is number => typeof limit === "number");
  const size = Math.max(0, ...limits.map(Math.abs)) || Math.abs(value);
  return digitsOf(sensor, Math.min(size, 1));
}
