/** The chart's canvas: draws when something is new, tells the crosshair where the mouse is, and takes clicks. */

import { serverNow } from "@/shared/clock";
import type { View } from "@/shared/plant/view";
import { paintEachFrame } from "./frames";
import { listen } from "./gestures";
import { Hair } from "./hair";
import type { Shown } from "./lines";
import { createPlot, type Plot } from "./plot";
import { nearest } from "./reading";

/** What to show, and what a person's deeds lead to. */
export interface Asked extends Shown {
  /** Whether the wheel alone zooms; else it does so with Ctrl. */
  wheels: boolean;
  onPick: (view: View) => void;
  onBack: () => void;
  onTrace?: (ts: number) => void;
}

/** A double click leads back, so that a single one is sure only when no second came. */
const CLICK_MS = 280;
const CLICK_PX = 4;

/** What is on the screen, kept to tell whether anything is new. */
interface Drawn {
  from: number;
  to: number;
  tracks: number;
  sight: number;
  asked: Asked | null;
  width: number;
  height: number;
  /** By the clock of the page, in milliseconds. */
  at: number;
}

/** What moves by itself is drawn some ten times a second: more is not seen, and twenty charts are to leave time for hands. */
const LIVE_MS = 90;

export class Canvas {
  private readonly plot: Plot;
  private readonly hair: Hair;
  private readonly ends: (() => void)[];
  private drawn: Drawn = { from: 0, to: 0, tracks: -1, sight: -1, asked: null, width: 0, height: 0, at: 0 };
  /** Where the mouse rests, in CSS pixels; undefined while it is elsewhere. */
  private mouse: number | undefined;
  private inView = true;

  constructor(private readonly place: HTMLElement, private readonly now: React.RefObject<Asked>) {
    this.plot = createPlot(place, () => now.current, (stretch) => now.current.onPick(stretch));
    const { over } = this.plot.u;
    this.hair = new Hair(over);
    this.ends = [
      paintEachFrame(this.paint),
      listen(over, () => ({ sight: now.current.sight, wheels: now.current.wheels, shown: this.shown, onPick: this.settle })),
      this.point(over),
      this.look(),
    ];
  }

  /** Knows whether any of it can be seen; a little before it is. */
  private look(): () => void {
    const watch = new IntersectionObserver(([entry]) => { this.inView = entry?.isIntersecting ?? true; }, { rootMargin: "100px" });
    watch.observe(this.place);
    return () => watch.disconnect();
  }

  /** The stretch on screen. */
  private readonly shown = (): { from: number; to: number } => this.now.current.sight.window(this.now.current.view, serverNow());

  /** What a hand held becomes the view; the chart holds it until it is. */
  private readonly settle = (stretch: { from: number; to: number }): void => {
    const { view, sight, onPick } = this.now.current;
    if (view.from === stretch.from && view.to === stretch.to) sight.hold(null);
    else onPick(stretch);
  };

  private readonly paint = (): boolean => {
    const { drawn, now: { current: asked }, plot: { u } } = this;
    const { live, from, to, span } = asked.sight.window(asked.view, serverNow());
    let tracks = 0;
    for (const { track } of asked.lines) tracks += track.version;
    const pixel = Math.max(50, span / Math.max(1, u.width));
    const moved = live ? from - drawn.from > pixel || from < drawn.from || to - from !== drawn.to - drawn.from : from !== drawn.from || to !== drawn.to;
    const turned = asked !== drawn.asked || u.width !== drawn.width || u.height !== drawn.height;
    const at = performance.now();
    const redraw = turned || ((moved || tracks !== drawn.tracks) && !(live && at - drawn.at < LIVE_MS));
    if (!redraw && asked.sight.version === drawn.sight) return false;
    if (live) for (const { track } of asked.lines) track.trim(from - span * 0.1);
    if (!this.inView) return false; // it is drawn when somebody scrolls to it
    if (redraw) {
      this.plot.draw(from, to);
      Object.assign(drawn, { from, to, tracks, asked, width: u.width, height: u.height, at });
      if (this.mouse !== undefined) asked.sight.point(this.instant(this.mouse));
    }
    this.hair.show(asked.sight.ts, asked.lines, this.plot.colours, (ts) => u.valToPos(ts, "x"), (line, value) => u.valToPos(value, line.axis));
    drawn.sight = asked.sight.version;
    return true;
  };

  private readonly instant = (x: number): number => this.plot.u.posToVal(x, "x");

  /** The mouse moves the crosshair; a click traces, a drag is no click, and a finger that taps only reads. */
  private point(over: HTMLElement): () => void {
    const stop = new AbortController();
    const { signal } = stop;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    let [begun, byFinger] = [0, false];
    over.addEventListener("pointerdown", (e) => { byFinger = e.pointerType === "touch"; }, { signal });
    over.addEventListener("mousemove", (e) => {
      this.mouse = e.clientX - over.getBoundingClientRect().left;
      this.now.current.sight.point(this.instant(this.mouse));
      if (byFinger) this.mouse = undefined; // it is not there any more
    }, { signal });
    over.addEventListener("mouseleave", () => {
      this.mouse = undefined;
      this.now.current.sight.point(null);
    }, { signal });
    over.addEventListener("mousedown", (e) => { begun = e.clientX; }, { signal });
    over.addEventListener("click", (e) => {
      clearTimeout(waiting);
      if (byFinger || e.detail > 1 || e.shiftKey || Math.abs(e.clientX - begun) > CLICK_PX) return;
      const ts = this.instant(e.clientX - over.getBoundingClientRect().left);
      waiting = setTimeout(() => trace(this.now.current, ts), CLICK_MS);
    }, { signal });
    return () => {
      stop.abort();
      clearTimeout(waiting);
    };
  }

  resize(): void {
    const { clientWidth: width, clientHeight: height } = this.place;
    if (width > 0 && height > 0) this.plot.u.setSize({ width, height });
  }

  end(): void {
    this.ends.forEach((end) => end());
    this.plot.u.destroy();
  }
}

/** Trace the point of the first line that is nearest to an instant. */
export function trace({ lines, onTrace }: Asked, ts: number): void {
  const track = lines[0]?.track;
  const i = track ? nearest(track, ts) : -1;
  if (track && i >= 0) onTrace?.(track.ts[i] ?? ts);
}
