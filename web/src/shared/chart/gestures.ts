/** What a hand does on a chart besides drawing a stretch: turn the wheel, push (with Shift, or a finger), pinch. */

import { serverNow } from "@/shared/clock";
import type { Sight } from "./sight";
import { moved, zoomed } from "./window";

interface Stretch {
  from: number;
  to: number;
}

export interface Hands {
  sight: Sight;
  /** The stretch on screen now. */
  shown: () => Stretch;
  /** What was held becomes the view. */
  onPick: (stretch: Stretch) => void;
  /** A wheel alone zooms; where false it scrolls the page, and zooms with Ctrl. */
  wheels: boolean;
}

const PER_NOTCH = 0.0018;
/** A wheel that stands still for so long has been turned as far as it should. */
const STILL_MS = 250;
/** Pixels by which a finger has to move before it is no tap. */
const TAP_PX = 8;
const LINE_PX = 32;

/** Listens on `over`, the chart's area; returns what ends it. */
export function listen(over: HTMLElement, hands: () => Hands): () => void {
  const stop = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(kind: K, take: (e: HTMLElementEventMap[K]) => void): void =>
    over.addEventListener(kind, take, { signal: stop.signal, passive: false });
  const wheel = wheels(over, hands);
  on("wheel", wheel.turn);
  const push = pushes(over, hands);
  on("pointerdown", push.down);
  on("pointermove", push.move);
  on("pointerup", push.up);
  on("pointercancel", push.up);
  return () => {
    stop.abort();
    wheel.end();
  };
}

const instantAt = (over: HTMLElement, { from, to }: Stretch, clientX: number): number => {
  const { left, width } = over.getBoundingClientRect();
  return from + ((clientX - left) / Math.max(1, width)) * (to - from);
};

function wheels(over: HTMLElement, hands: () => Hands) {
  let still: ReturnType<typeof setTimeout> | undefined;
  const turn = (e: WheelEvent): void => {
    const { sight, shown, onPick, wheels: alone } = hands();
    if (!alone && !e.ctrlKey && !e.metaKey) return;
    e.preventDefault();
    const scale = e.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE_PX;
    const here = shown();
    const sideways = e.shiftKey ? e.deltaX || e.deltaY : Math.abs(e.deltaX) > Math.abs(e.deltaY) ? e.deltaX : 0;
    const next = sideways
      ? moved(here, (sideways * scale) / Math.max(1, over.clientWidth), serverNow())
      : zoomed(here, Math.exp(e.deltaY * scale * PER_NOTCH * (e.ctrlKey ? 3 : 1)), instantAt(over, here, e.clientX));
    sight.hold(next);
    clearTimeout(still);
    still = setTimeout(() => onPick(next), STILL_MS);
  };
  return { turn, end: () => clearTimeout(still) };
}

function pushes(over: HTMLElement, hands: () => Hands) {
  const fingers = new Map<number, number>();
  let begun: { stretch: Stretch; at: number; apart: number } | undefined;
  let held: Stretch | undefined;
  const middle = (): number => [...fingers.values()].reduce((a, b) => a + b, 0) / fingers.size;
  const apart = (): number => {
    const [a = 0, b = a] = fingers.values();
    return Math.abs(a - b);
  };
  const begin = (): void => { begun = fingers.size > 0 ? { stretch: held ?? hands().shown(), at: middle(), apart: apart() } : undefined; };
  return {
    down: (e: PointerEvent): void => {
      if (e.pointerType === "mouse" && !(e.button === 0 && e.shiftKey)) return;
      fingers.set(e.pointerId, e.clientX);
      if (e.pointerType === "mouse") over.setPointerCapture(e.pointerId);
      begin();
    },
    move: (e: PointerEvent): void => {
      if (!begun || !fingers.has(e.pointerId)) return;
      fingers.set(e.pointerId, e.clientX);
      const pinched = begun.apart > TAP_PX && fingers.size > 1;
      if (!held && !pinched && Math.abs(middle() - begun.at) < TAP_PX) return;
      if (e.pointerType !== "mouse") over.setPointerCapture(e.pointerId);
      const { from, to } = begun.stretch;
      const share = (begun.at - middle()) / Math.max(1, over.clientWidth);
      const pushed = moved({ from, to }, share, serverNow());
      held = pinched ? zoomed(pushed, begun.apart / Math.max(TAP_PX, apart()), instantAt(over, pushed, middle())) : pushed;
      hands().sight.hold(held);
    },
    up: (e: PointerEvent): void => {
      if (!fingers.delete(e.pointerId)) return;
      begin();
      if (fingers.size > 0 || !held) return;
      hands().onPick(held);
      held = undefined;
    },
  };
}
