/** The window of time on screen: it moves with the clock, or stands still while somebody looks closer. */

import { durationMs } from "@/shared/format/time";
import type { View } from "@/shared/plant/view";

export const RANGES = ["5m", "15m", "1h", "8h", "24h", "7d", "30d"] as const;
export const USUAL_RANGE = "15m";
const LEAST_MS = 1_000;
const MOST_MS = 3_660 * 86_400_000;

export interface Window {
  live: boolean;
  from: number;
  to: number;
  span: number;
}

export function windowOf(view: View, now: number): Window {
  if (view.from !== undefined && view.to !== undefined) {
    return { live: false, from: view.from, to: view.to, span: view.to - view.from };
  }
  const span = durationMs(view.range ?? USUAL_RANGE) || durationMs(USUAL_RANGE);
  return { live: true, from: now - span, to: now, span };
}

/** A standing view around the same middle: `factor` below 1 zooms in. */
export function zoomed({ from, to }: Window, factor: number): View {
  const half = (Math.min(MOST_MS, Math.max(LEAST_MS, (to - from) * factor)) / 2);
  const middle = (from + to) / 2;
  return { from: Math.round(middle - half), to: Math.round(middle + half) };
}

/** A standing view moved by `share` of its length; it never looks past now. */
export function moved({ from, to }: Window, share: number, now: number): View {
  const by = Math.min((to - from) * share, now - to);
  return { from: Math.round(from + by), to: Math.round(to + by) };
}

/** A standing view for a stretch drawn with the mouse, or null when it was only a click. */
export function picked(from: number, to: number): View | null {
  return to - from >= LEAST_MS ? { from: Math.round(from), to: Math.round(to) } : null;
}
