/** History and live samples of one sensor as one line without a seam. Pure: times in epoch ms. */

import type { Series, Value } from "@/shared/api/types";
import { durationMs } from "@/shared/format/time";

/** Columns for the chart; a null breaks the line where values are missing. */
export type Columns = [ts: number[], low: (number | null)[], high: (number | null)[], mean: (number | null)[]];

/** A number to draw; states and switches are drawn elsewhere. */
export function asNumber(value: Value | null): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

interface Point {
  ts: number;
  mean: number;
  low: number;
  high: number;
  /** Samples in `mean` that came from the live feed; history counts as one. */
  n: number;
}

const MOST_POINTS = 20_000;
/** Fewer points than this are drawn one by one, however close they stand. */
const FEW_POINTS = 200;

export class Trend {
  /** Width of a bucket in ms; 0 when every value is drawn. */
  width = 0;
  private points: Point[] = [];

  /** Replace everything by history, then put back the live samples that came meanwhile. */
  load(series: Pick<Series, "points" | "envelope" | "resolution">, since: readonly [number, Value][] = []): void {
    this.width = series.resolution === "raw" ? 0 : durationMs(series.resolution) || 0;
    const envelope = new Map(series.envelope?.map(([ts, low, high]) => [ts, [low, high] as const]));
    this.points = [];
    for (const [ts, value] of series.points) {
      const mean = asNumber(value);
      if (mean === null) continue;
      const [low, high] = envelope.get(ts) ?? [mean, mean];
      this.points.push({ ts, mean, low, high, n: 1 });
    }
    for (const [ts, value] of since) this.append(ts, value);
  }

  /** Take one live sample: the same instant twice is one point, a late one goes to its place. */
  append(ts: number, value: Value): void {
    const number = asNumber(value);
    if (number === null) return;
    const at = this.width ? Math.floor(ts / this.width) * this.width : ts;
    const i = this.placeOf(at);
    const there = this.points[i];
    if (there?.ts === at) this.merge(there, number);
    else this.points.splice(i, 0, { ts: at, mean: number, low: number, high: number, n: 1 });
    if (this.points.length > MOST_POINTS) this.points.shift();
  }

  private merge(point: Point, value: number): void {
    if (!this.width) {
      point.mean = point.low = point.high = value;
      return;
    }
    point.n += 1;
    point.mean += (value - point.mean) / point.n;
    point.low = Math.min(point.low, value);
    point.high = Math.max(point.high, value);
  }

  /**
   * Put single values that stand closer than two in `width` ms into buckets, mean and extent: drawn one by one they
   * would fill the chart with ink. Returns whether it did.
   */
  gather(width: number): boolean {
    if (this.width || !width || this.points.length < FEW_POINTS || 2 * this.step() > width) return false;
    const single = this.points;
    this.points = [];
    this.width = width;
    for (const { ts, mean } of single) this.append(ts, mean);
    return true;
  }

  /** Index of the first point not before `ts`; new samples nearly always belong at the end. */
  private placeOf(ts: number): number {
    let i = this.points.length;
    while (i > 0 && (this.points[i - 1]?.ts ?? 0) >= ts) i -= 1;
    return i;
  }

  /** Forget what has left the window, but for the one point from which the line enters it. */
  trim(from: number): void {
    const first = this.points.findIndex((p) => p.ts >= from);
    if (first > 1) this.points.splice(0, first - 1);
  }

  last(): { ts: number; value: number } | undefined {
    const point = this.points.at(-1);
    return point && { ts: point.ts, value: point.mean };
  }

  /** The usual step between points, from the median; 0 while there are fewer than three. */
  step(): number {
    const steps: number[] = [];
    for (let i = Math.max(1, this.points.length - 200); i < this.points.length; i += 1) {
      steps.push((this.points[i]?.ts ?? 0) - (this.points[i - 1]?.ts ?? 0));
    }
    steps.sort((a, b) => a - b);
    return steps.length > 1 ? (steps[steps.length >> 1] ?? 0) : 0;
  }

  /**
   * Columns to draw, with a break wherever more than `gap` (default: five usual steps, at least 10 s) is missing.
   *
   * A stretch that was sampled more slowly than now is no row of gaps: what counts as missing follows the step before.
   */
  columns(gap = Math.max(10_000, 5 * this.step(), 2.5 * this.width)): Columns {
    const out: Columns = [[], [], [], []];
    let before = Number.NaN;
    let pace = 0;
    for (const [i, { ts, low, high, mean }] of this.points.entries()) {
      const step = ts - before;
      const steady = step < 2 * ((this.points[i + 1]?.ts ?? ts) - ts);
      if (step > Math.max(gap, 2.5 * pace) && !steady) push(out, before + 1, null, null, null);
      if (step > 0) pace = step;
      push(out, ts, low, high, mean);
      before = ts;
    }
    return out;
  }
}

function push(out: Columns, ts: number, low: number | null, high: number | null, mean: number | null): void {
  out[0].push(ts);
  out[1].push(low);
  out[2].push(high);
  out[3].push(mean);
}
