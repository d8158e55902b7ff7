/** Numbers that a device gave and that never came, in words. Pure. */

import { texts } from "./texts";

/** First and last missing number. */
export type Gap = readonly [number, number];

const MOST_TOLD = 5;

/**
 * `6–7, 12 never came`, the newest ones; '' when all came.
 *
 * `missing` counts those of earlier starts of the device, too, whose gaps nobody keeps.
 */
export function gapsText(gaps: readonly Gap[], missing: number | null): string {
  if (!missing) return "";
  const told = gaps.slice(-MOST_TOLD);
  const others = missing - told.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  if (told.length === 0) return texts().neverCameBefore(missing);
  const { neverCame, moreBefore } = texts();
  const text = neverCame(told.map(([first, last]) => (first === last ? String(first) : `${first}–${last}`)).join(", "));
  return others > 0 ? text + moreBefore(others) : text;
}
