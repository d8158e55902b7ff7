/** Newest value of every sensor, one cell each; readers of one cell do not wake for another. */

import type { Quality, Value } from "@/shared/api/types";

export interface Cell {
  /** Event time, epoch ms. */
  ts: number;
  value: Value;
  quality: Quality;
  /** Usual time between samples in ms, learnt from what arrives; 0 while unknown. */
  interval: number;
  /** What people enter has a pace that was agreed on, in ms; undefined where a machine reports by itself. */
  every?: number | undefined;
}

export type Sample = [sensor: string, ts: number, value: Value, quality: Quality];

const FLOOR_MS = 10_000;
const UNKNOWN_MS = 60_000;

/** People come a little late. */
const GRACE = 1.25;

/**
 * Age in ms from which a value counts as stale: max(10 s, 5 usual intervals); a minute while the interval is unknown.
 * What people enter is stale once they are a quarter of its pace late.
 */
export function staleAfter({ every, interval }: Cell): number {
  if (every) return every * GRACE;
  return interval > 0 ? Math.max(FLOOR_MS, 5 * interval) : UNKNOWN_MS;
}

/** The quality a reader may trust: what was reported, or `stale` once it is too old. */
export function qualityNow(cell: Cell, now: number): Quality {
  return now - cell.ts > staleAfter(cell) ? "stale" : cell.quality;
}

export class Cells {
  private readonly cells = new Map<string, Cell>();
  private readonly readers = new Map<string, Set<() => void>>();
  private readonly changed = new Set<string>();
  private paces: ReadonlyMap<string, number> = new Map();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `flushMs`: readers wake at most this often, however fast samples arrive. */
  constructor(private readonly flushMs = 250) {}

  get = (sensor: string): Cell | undefined => this.cells.get(sensor);

  /** Sensors that people enter, and how often they are to, in ms. */
  pace(paces: ReadonlyMap<string, number>): void {
    this.paces = paces;
    for (const [sensor, cell] of this.cells) if (cell.every !== paces.get(sensor)) this.cells.set(sensor, { ...cell, every: paces.get(sensor) });
  }

  /** Take one sample; an older one than the cell holds is ignored, for event time rules. */
  put([sensor, ts, value, quality]: Sample): void {
    const old = this.cells.get(sensor);
    if (old && ts < old.ts) return;
    const step = old ? ts - old.ts : 0;
    const interval = step > 0 ? (old?.interval ? old.interval * 0.8 + step * 0.2 : step) : (old?.interval ?? 0);
    const every = this.paces.get(sensor);
    this.cells.set(sensor, { ts, value, quality, interval, ...(every && { every }) });
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
