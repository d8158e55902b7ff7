/** What the keys do on a chart. Pure. */

import { stepped } from "./reading";
import type { Track } from "./track";
import { moved, zoomed } from "./window";

interface Stretch {
  from: number;
  to: number;
}

export type Deed =
  | { kind: "point"; ts: number | null }
  | { kind: "view"; stretch: Stretch }
  | { kind: "trace"; ts: number }
  | { kind: "back" };

const MANY = 10;

/** What a key asks for where the crosshair is at `ts`; null where the chart has no use for it. */
export function deedOf(key: string, many: boolean, track: Track | undefined, ts: number | null, stretch: Stretch, now: number): Deed | null {
  const step = (by: number): Deed => ({ kind: "point", ts: (track && stepped(track, ts, by, stretch.from, stretch.to)?.ts) ?? ts });
  switch (key) {
    case "ArrowLeft": return step(many ? -MANY : -1);
    case "ArrowRight": return step(many ? MANY : 1);
    case "Home": return step(-Infinity);
    case "End": return step(Infinity);
    case "PageUp": return { kind: "view", stretch: moved(stretch, -0.5, now) };
    case "PageDown": return { kind: "view", stretch: moved(stretch, 0.5, now) };
    case "+": case "=": return { kind: "view", stretch: zoomed(stretch, 0.5, ts ?? undefined) };
    case "-": return { kind: "view", stretch: zoomed(stretch, 2, ts ?? undefined) };
    case "Escape": return ts === null ? { kind: "back" } : { kind: "point", ts: null };
    case "Enter": return ts === null ? null : { kind: "trace", ts };
    default: return null;
  }
}
