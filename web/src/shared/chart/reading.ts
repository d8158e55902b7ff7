/** What is read off a track: the point under the crosshair, the extent, a stretch in figures. Pure. */

import type { Track } from "./track";

export interface Pointed {
  ts: number;
  value: number;
  low: number;
  high: number;
}

export const pointOf = (track: Track, i: number): Pointed =>
  ({ ts: track.ts[i] ?? 0, value: track.mean[i] ?? 0, low: track.low[i] ?? 0, high: track.high[i] ?? 0 });

/** Index of the point nearest to an instant; -1 where there is none, or the line has a gap there. */
export function nearest(track: Track, ts: number): number {
  if (track.size === 0) return -1;
  const after = track.indexOf(ts);
  const before = after - 1;
  if (before < track.start) return near(track, after, ts);
  if (after >= track.end) return near(track, before, ts);
  return near(track, ts - (track.ts[before] ?? 0) <= (track.ts[after] ?? 0) - ts ? before : after, ts);
}

const near = (track: Track, i: number, ts: number): number => (Math.abs((track.ts[i] ?? 0) - ts) <= track.gap() ? i : -1);

export function pointAt(track: Track, ts: number): Pointed | null {
  const i = nearest(track, ts);
  return i < 0 ? null : pointOf(track, i);
}

/** The point `by` places away from the one nearest to `ts`, within a stretch. */
export function stepped(track: Track, ts: number | null, by: number, from: number, to: number): Pointed | null {
  const [first, last] = [track.indexOf(from), track.indexOf(to + 1) - 1];
  if (last < first) return null;
  if (ts === null) return pointOf(track, by === Infinity || (by < 0 && by !== -Infinity) ? last : first);
  const after = track.indexOf(ts);
  const here = after > track.start && (track.ts[after] ?? Infinity) - ts > ts - (track.ts[after - 1] ?? 0) ? after - 1 : after;
  return pointOf(track, Math.max(first, Math.min(last, here + by)));
}

/** Low and high of the points within a stretch, and of those the line enters and leaves it by; null when there are none. */
export function extentOf(track: Track, from: number, to: number): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (let i = track.indexOf(from), end = track.indexOf(to + 1); i < end; i += 1) {
    low = Math.min(low, track.low[i] ?? low);
    high = Math.max(high, track.high[i] ?? high);
  }
  return low <= high ? [low, high] : null;
}

/** A stretch of a track in figures. */
export interface Figures {
  points: number;
  low: number;
  high: number;
  /** Mean of what is drawn: of single values, or of buckets of one width. */
  mean: number;
  last: number;
  gaps: number;
}

export function figuresOf(track: Track, from: number, to: number): Figures | null {
  const extent = extentOf(track, from, to);
  if (!extent) return null;
  const [first, after] = [track.indexOf(from), track.indexOf(to + 1)];
  let sum = 0;
  for (let i = first; i < after; i += 1) sum += (track.mean[i] ?? 0) / (after - first); // a sum of huge ones would be infinite
  let runs = 0;
  track.runs(from, to, () => { runs += 1; });
  return { points: after - first, low: extent[0], high: extent[1], mean: sum, last: track.mean[after - 1] ?? 0, gaps: Math.max(0, runs - 1) };
}

/** Points for a table: at most `most`, the newest first. */
export function rowsOf(track: Track, from: number, to: number, most: number): Pointed[] {
  const [first, after] = [track.indexOf(from), track.indexOf(to + 1)];
  const step = Math.max(1, Math.ceil((after - first) / most));
  const rows: Pointed[] = [];
  for (let i = after - 1; i >= first; i -= step) rows.push(pointOf(track, i));
  return rows;
}
