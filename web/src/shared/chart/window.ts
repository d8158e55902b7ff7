/** The window of time on screen: it moves with the clock, or stands still while somebody looks closer. */

import { durationMs } from "@/shared/format/time";
import { momentMs } from "@/shared/format/moment";
import { readView, type View } from "@/shared/plant/view";

export const RANGES = ["5m", "15m", "1h", "8h", "24h", "7d", "30d", "365d"] as const;
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

/** A view from its two ends as they are typed: one from some time ago until now moves on. Null when they are none. */
export function viewOf(from: string, to: string, now: number): View | null {
  const [start, end] = [momentMs(from, now), momentMs(to, now)];
  if (!(start > 0 && end > start)) return null;
  const range = from.trim().startsWith("-") && to.trim() === "now" ? readView({ range: from.trim().slice(1) }).range : undefined;
  return range ? { range } : { from: Math.round(start), to: Math.round(end) };
}

/** The usual range that a moving view is as long as. */
export const usualRange = (view: View): string | undefined =>
  view.from === undefined ? RANGES.find((range) => durationMs(range) === durationMs(view.range ?? USUAL_RANGE)) : undefined;

/** Bucket widths the query service chooses from. */
const WIDTHS = [
  "10ms", "20ms", "50ms", "100ms", "200ms", "500ms", "1s", "2s", "5s", "10s", "15s", "30s",
  "1m", "2m", "5m", "10m", "15m", "30m", "1h", "2h", "3h", "6h", "12h", "1d", "2d", "5d", "10d",
].map(durationMs);

/** The smallest usual bucket that cuts `span` into at most `points`. */
export const bucketOf = (span: number, points: number): number => WIDTHS.find((width) => span / width <= points) ?? span / points;

/** A standing view around the same middle, or with `anchor` staying where it is: `factor` below 1 zooms in. */
export function zoomed({ from, to }: Pick<Window, "from" | "to">, factor: number, anchor = (from + to) / 2): { from: number; to: number } {
  const span = to - from;
  const wanted = Math.min(MOST_MS, Math.max(LEAST_MS, span * factor));
  const start = anchor - ((anchor - from) / span) * wanted;
  return { from: Math.round(start), to: Math.round(start + wanted) };
}

/** A standing view moved by `share` of its length; it never looks past now. */
export function moved({ from, to }: Pick<Window, "from" | "to">, share: number, now: number): { from: number; to: number } {
  const by = Math.min((to - from) * share, now - to);
  return { from: Math.round(from + by), to: Math.round(to + by) };
}

/** A standing view for a stretch drawn with the mouse, or null when it was only a click. */
export function picked(from: number, to: number): View | null {
  return to - from >= LEAST_MS ? { from: Math.round(from), to: Math.round(to) } : null;
}
