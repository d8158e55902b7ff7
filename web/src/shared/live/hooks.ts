/** React's view of the live feed. */

import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { serverNow } from "@/shared/clock";
import type { Cell } from "./cells";
import { live, type Feed } from "./live";

/** Newest value of one sensor; re-renders for this sensor alone, at most four times a second. */
export function useCell(sensor: string): Cell | undefined {
  const subscribe = useCallback((wake: () => void) => live.cells.subscribe(sensor, wake), [sensor]);
  return useSyncExternalStore(subscribe, () => live.cells.get(sensor));
}

export const useFeed = (): Feed => useSyncExternalStore(live.watchFeed, () => live.feed);

/** Keep these paths flowing while the component is on screen. */
export function useWant(under: string | undefined, maxHz: number, every = false): void {
  useEffect(() => {
    if (under === undefined) return;
    return live.want({ under: [under], maxHz, every });
  }, [under, maxHz, every]);
}

const clocks = new Map<number, { now: number; wakes: Set<() => void>; timer?: ReturnType<typeof setInterval> }>();

/** A clock shared by all who ask for the same step, for ages. */
export function useNow(stepMs = 1000): number {
  const [clock] = useState(() => {
    const known = clocks.get(stepMs) ?? { now: serverNow(), wakes: new Set() };
    clocks.set(stepMs, known);
    return known;
  });
  const subscribe = useCallback(
    (wake: () => void) => {
      clock.wakes.add(wake);
      clock.now = serverNow();
      clock.timer ??= setInterval(() => {
        clock.now = serverNow();
        clock.wakes.forEach((tell) => tell());
      }, stepMs);
      return () => {
        clock.wakes.delete(wake);
        if (clock.wakes.size > 0) return;
        clearInterval(clock.timer);
        delete clock.timer;
      };
    },
    [clock, stepMs],
  );
  return useSyncExternalStore(subscribe, () => clock.now);
}
