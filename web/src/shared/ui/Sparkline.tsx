/** The last minutes as a line without axes: direction, not numbers. */

import css from "./Sparkline.module.css";

export type Spark = readonly (readonly [ts: number, value: number])[];

/** SVG path of the points within [from, to]; gaps wider than `gapMs` break the line. */
export function sparkPath(points: Spark, from: number, to: number, gapMs: number, width: number, height: number): string {
  const seen = points.filter(([ts]) => ts >= from && ts <= to);
  if (seen.length < 2) return "";
  let low = Infinity;
  let high = -Infinity;
  for (const [, v] of seen) {
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  // A nearly constant value stays a flat line in the middle instead of magnified noise.
  const least = Math.max(Math.abs(high) * 0.02, 1e-9);
  // By halves and quarters: the whole may be more than a number can say.
  const half = Math.max(high / 2 - low / 2, least / 2);
  const mid = high / 4 + low / 4;
  let before = -Infinity;
  return seen.map(([ts, v]) => {
    const x = (((ts - from) / (to - from)) * width).toFixed(1);
    const y = (height / 2 - ((v / 2 - mid) / half) * (height - 4)).toFixed(1);
    const pen = ts - before > gapMs ? "M" : "L";
    before = ts;
    return `${pen}${x} ${y}`;
  }).join("");
}

export function Sparkline({ points, from, to, gapMs }: { points: Spark; from: number; to: number; gapMs: number }) {
  const path = sparkPath(points, from, to, gapMs, 160, 30);
  return (
    <svg className={css["spark"]} viewBox="0 0 160 30" preserveAspectRatio="none" aria-hidden="true">
      {path && <path d={path} />}
    </svg>
  );
}
