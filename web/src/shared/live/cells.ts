/** Newest value of every sensor, one cell each; readers of one cell do not wake for another. */

import type { Quality, Value } from "@/shared/api/types";

export interface Cell {
  /** Event time, epoch ms. */
  ts: number;
  value: Value;
  quality: Quality;
  /** Usual time between samples in ms, learnt from what arrives; 0 while unknown. */
  interval: number;
}

export type Sample = [sensor: string, ts: number, value: Value, quality: Quality];

const FLOOR_MS = 10_000;
const UNKNOWN_MS = 60_000;

/** Age in ms from which a value counts as stale: max(10 s, 5 usual intervals); a minute while the interval is unknown. */
export const staleAfter = (cell: Cell): number =>
  cell.interval > 0 ? Math.max(FLOOR_MS, 5 * cell.interval) : UNKNOWN_MS;

/** The quality a reader may trust: what was reported, or `stale` once it is too old. */
export function qualityNow(cell: Cell, now: number): Quality {
  return now - cell.ts > staleAfter(cell) ? "stale" : cell.quality;
}

export class Cells {
  private readonly cells = new Map<string, Cell>();
  private readonly readers = new Map<string, Set<() => void>>();
  private readonly changed = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `flushMs`: readers wake at most this often, however fast samples arrive. */
  constructor(private readonly flushMs = 250) {}

  get = (sensor: string): Cell | undefined => this.cells.get(sensor);

  /** Take one sample; an older one than the cell holds is ignored, for event time rules. */
  put([sensor, ts, value, quality]: Sample): void {
    const old = this.cells.get(sensor);
    if (old && ts < old.ts) return;
    const step = old ? ts - old.ts : 0;
    const interval = step > 0 ? (old?.interval ? old.interval * 0.8 + step * 0.2 : step) : (old?.interval ?? 0);
    this.cells.set(sensor, { ts, value, quality, interval });
    this.changed.add(sensor);
    this.timer ??= setTimeout(this.flush, this.flushMs);
  }

  /** Forget everything, for the next one who signs in may see another part of the plant. */
  clear(): void {
    this.cells.clear();
    this.changed.clear();
  }

  subscribe(sensor: string, wake: () => void): () => void {
    const set = this.readers.get(sensor) ?? new Set();
    this.readers.set(sensor, set.add(wake));
    return () => {
      set.delete(wake);
      if (set.size === 0) this.readers.delete(sensor);
    };
  }

  private readonly flush = (): void => {
    this.timer = undefined;
    const changed = [...this.changed];
    this.changed.clear();
    for (const sensor of changed) this.readers.get(sensor)?.forEach((wake) => wake());
  };
}
