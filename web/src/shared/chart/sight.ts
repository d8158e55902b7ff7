/**
 * What all charts of a page look at together: the instant under the crosshair, and the stretch that a hand is moving.
 *
 * Outside of React: a crosshair moves with each frame.
 */

import { windowOf, type Window } from "./window";
import type { View } from "@/shared/plant/view";

export class Sight {
  /** Epoch ms; null where nobody points. */
  ts: number | null = null;
  /** While a hand drags or turns the wheel: what is shown, before it becomes the view. */
  held: { from: number; to: number } | null = null;
  /** Grows whenever one of them changes. */
  version = 0;
  private readonly watchers = new Set<() => void>();

  point(ts: number | null): void {
    if (ts === this.ts) return;
    this.ts = ts;
    this.tell();
  }

  hold(stretch: { from: number; to: number } | null): void {
    this.held = stretch;
    this.tell();
  }

  watch = (tell: () => void): (() => void) => {
    this.watchers.add(tell);
    return () => this.watchers.delete(tell);
  };

  private tell(): void {
    this.version += 1;
    this.watchers.forEach((tell) => tell());
  }

  /** The stretch on screen at `now`. */
  window(view: View, now: number): Window {
    return this.held ? { live: false, ...this.held, span: this.held.to - this.held.from } : windowOf(view, now);
  }
}
