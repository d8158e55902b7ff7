/** Round numbers along an axis of values. Pure. */

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
