/**
 * History and live samples of one sensor as one line without a seam. Pure: times in epoch ms.
 *
 * Points lie in columns of numbers that are reused from frame to frame: a chart that runs for days allocates nothing
 * while it runs, and holds no more than MOST_POINTS.
 */

import type { Quality, Value } from "@/shared/api/types";
import { durationMs } from "@/shared/format/time";

/** What is drawn of a sensor's history, as the query service answers it. */
export interface Loaded {
  points: readonly (readonly unknown[])[];
  envelope?: readonly (readonly number[])[] | null | undefined;
  /** `raw`, or the width of a bucket as a duration. */
  resolution: string;
}

/** One live sample. */
export type Arrived = readonly [ts: number, value: Value, quality?: Quality];

/** A number to draw; states and switches are drawn elsewhere. */
export const asNumber = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);

const FIRST_ROOM = 1024;
export const MOST_POINTS = 20_000;
/** Fewer points than this are drawn one by one, however close they stand. */
const FEW_POINTS = 200;
const STEPS = 200;
const LEAST_GAP_MS = 10_000;

export class Track {
  /** Width of a bucket in ms; 0 when every value is drawn. */
  width = 0;
  /** Grows with every change. */
  version = 0;
  ts = new Float64Array(FIRST_ROOM);
  mean = new Float64Array(FIRST_ROOM);
  low = new Float64Array(FIRST_ROOM);
  high = new Float64Array(FIRST_ROOM);
  /** Samples in a mean that came from the live feed; history counts as one. */
  private n = new Float64Array(FIRST_ROOM);
  /** The points are those from `start` to before `end`. */
  start = 0;
  end = 0;
  private readonly steps = new Float64Array(STEPS);
  private known = { version: -1, step: 0 };

  /** `shift`: added to every time of history, for a period that is laid over a later one. */
  constructor(readonly shift = 0) {}

  get size(): number {
    return this.end - this.start;
  }

  /** Replace everything by history, then put back the live samples that came meanwhile. */
  load({ points, envelope, resolution }: Loaded, since: readonly Arrived[] = []): void {
    this.width = resolution === "raw" ? 0 : durationMs(resolution) || 0;
    this.start = this.end = 0;
    let e = 0;
    for (const [at, value] of points.slice(-MOST_POINTS)) {
      const [ts, mean] = [asNumber(at), asNumber(value)];
      if (ts === null || mean === null) continue;
      while (envelope && e < envelope.length && (envelope[e]?.[0] ?? 0) < ts) e += 1;
      const [found, low = mean, high = mean] = envelope?.[e] ?? [];
      if (found === ts) this.put(this.end, ts + this.shift, mean, low, high);
      else this.put(this.end, ts + this.shift, mean, mean, mean);
    }
    for (const [ts, value] of since) this.append(ts, value);
    this.version += 1;
  }

  /** Take one live sample: the same instant twice is one point, a late one goes to its place. */
  append(ts: number, value: Value): void {
    const number = asNumber(value);
    if (number === null) return;
    this.take(ts, number);
    this.version += 1;
  }

  private take(ts: number, number: number): void {
    const at = this.width ? Math.floor(ts / this.width) * this.width : ts;
    const i = this.placeOf(at);
    if (i < this.end && this.ts[i] === at) this.merge(i, number);
    else this.put(i, at, number, number, number);
  }

  private merge(i: number, value: number): void {
    if (!this.width) {
      this.mean[i] = this.low[i] = this.high[i] = value;
      return;
    }
    const n = (this.n[i] ?? 0) + 1;
    this.n[i] = n;
    this.mean[i] = (this.mean[i] ?? 0) + (value - (this.mean[i] ?? 0)) / n;
    this.low[i] = Math.min(this.low[i] ?? value, value);
    this.high[i] = Math.max(this.high[i] ?? value, value);
  }

  private columns(): Float64Array[] {
    return [this.ts, this.mean, this.low, this.high, this.n];
  }

  private put(i: number, ts: number, mean: number, low: number, high: number): void {
    if (this.size >= MOST_POINTS) this.start += 1; // the oldest goes
    let at = i;
    if (this.end === this.ts.length) at -= this.makeRoom();
    if (at < this.start) return; // older than the oldest of too many
    if (at < this.end) for (const column of this.columns()) column.copyWithin(at + 1, at, this.end);
    this.end += 1;
    this.ts[at] = ts;
    this.mean[at] = mean;
    this.low[at] = low;
    this.high[at] = high;
    this.n[at] = 1;
  }

  /** Room for one more point: where half is free the points move to the front, else the columns grow. By how many places they moved. */
  private makeRoom(): number {
    const moved = this.start;
    const grow = this.size * 2 > this.ts.length;
    const fresh = (old: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
      const to = grow ? new Float64Array(old.length * 2) : old;
      if (grow) to.set(old.subarray(this.start, this.end));
      else to.copyWithin(0, this.start, this.end);
      return to;
    };
    [this.ts, this.mean, this.low, this.high, this.n] = [fresh(this.ts), fresh(this.mean), fresh(this.low), fresh(this.high), fresh(this.n)];
    this.end -= moved;
    this.start = 0;
    return moved;
  }

  /**
   * Put single values that stand closer than two in `width` ms into buckets, mean and extent: drawn one by one they
   * would fill the chart with ink. Returns whether it did.
   */
  gather(width: number): boolean {
    if (this.width || !width || this.size < FEW_POINTS || 2 * this.step() > width) return false;
    const { start, end } = this;
    this.width = width;
    this.start = this.end = 0;
    for (let i = start; i < end; i += 1) this.take(this.ts[i] ?? 0, this.mean[i] ?? 0); // never overtakes what it reads
    this.version += 1;
    return true;
  }

  /** Index of the first point not before `ts`; new samples nearly always belong at the end. */
  private placeOf(ts: number): number {
    let i = this.end;
    while (i > this.start && (this.ts[i - 1] ?? 0) >= ts) i -= 1;
    return i;
  }

  /** Index of the first point not before `ts`, found by halving. */
  indexOf(ts: number): number {
    let [low, high] = [this.start, this.end];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ts[middle] ?? 0) < ts) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forget what has left the window, but for the one point from which the line enters it. */
  trim(from: number): void {
    this.start = Math.max(this.start, this.indexOf(from) - 1);
  }

  /** The usual step between points, from the median of the newest; 0 while there are fewer than three. */
  step(): number {
    if (this.known.version !== this.version) this.known = { version: this.version, step: this.median() };
    return this.known.step;
  }

  private median(): number {
    const first = Math.max(this.start + 1, this.end - STEPS);
    const count = this.end - first;
    if (count < 2) return 0;
    const steps = this.steps.subarray(0, count);
    for (let i = 0; i < count; i += 1) steps[i] = (this.ts[first + i] ?? 0) - (this.ts[first + i - 1] ?? 0);
    return steps.sort()[count >> 1] ?? 0;
  }

  /** Longer than this is a gap: five usual steps, at least 10 s. */
  gap(): number {
    return Math.max(LEAST_GAP_MS, 5 * this.step(), 2.5 * this.width);
  }

  /**
   * Calls `run` for each stretch of points without a gap, from `from` to `to` with one point beyond either end.
   *
   * A stretch that was sampled more slowly than now is no row of gaps: what counts as missing follows the step before.
   */
  runs(from: number, to: number, run: (first: number, after: number) => void): void {
    const gap = this.gap();
    const last = Math.min(this.end, this.indexOf(to) + 1);
    let begun = Math.max(this.start, this.indexOf(from) - 1);
    let pace = 0;
    for (let i = begun + 1; i < last; i += 1) {
      const step = (this.ts[i] ?? 0) - (this.ts[i - 1] ?? 0);
      const next = i + 1 < this.end ? (this.ts[i + 1] ?? 0) - (this.ts[i] ?? 0) : 0;
      if (step > Math.max(gap, 2.5 * pace) && step >= 2 * next) {
        run(begun, i);
        begun = i;
      }
      pace = step;
    }
    if (begun < last) run(begun, last);
  }
}
