/** Keeps one trend filled: live first, then history up to now, then both as one. */

import { useEffect, useRef, useState } from "react";
import { seriesOf } from "@/shared/api/series";
import type { Value } from "@/shared/api/types";
import { serverNow } from "@/shared/clock";
import { useFeed } from "@/shared/live/hooks";
import { live } from "@/shared/live/live";
import type { View } from "@/shared/plant/view";
import { Trend } from "./trend";
import { bucketOf, windowOf } from "@/shared/chart/window";

export interface TrendState {
  trend: Trend;
  status: "loading" | "ready" | "failed";
  error: unknown;
  /** Grows with every change of the trend; a frame redraws only when it did. */
  changes: { count: number };
  retry: () => void;
}

/** `points`: as many as the chart is wide. Loads anew when the window changes, after a gap of the feed, and now and then. */
export function useTrend(sensor: string, view: View, points: number): TrendState {
  const { opened, holes, state: feed } = useFeed();
  const [trend] = useState(() => new Trend());
  const [state, setState] = useState<Pick<TrendState, "status" | "error">>({ status: "loading", error: null });
  const [round, setRound] = useState(0);
  const changes = useRef({ count: 0 }).current;
  const failed = useRef(false);

  // What could not be loaded while the service was away is loaded once it is back.
  useEffect(() => {
    if (feed === "live" && failed.current) setRound((n) => n + 1);
  }, [feed]);

  useEffect(() => {
    const stop = new AbortController();
    const { live: moving, span } = windowOf(view, serverNow());
    const bucket = bucketOf(span, points);
    let waiting: [number, Value][] | null = [];
    const releases: (() => void)[] = [];
    if (moving) {
      releases.push(live.want({ under: [sensor], maxHz: 10, every: true }));
      releases.push(live.tap(sensor, (ts, value) => {
        if (waiting) waiting.push([ts, value]);
        else trend.append(ts, value);
        // Whoever reads "every value" must be told that these are means now.
        if (!waiting && trend.gather(bucket)) setState((old) => ({ ...old }));
        changes.count += 1;
      }));
    }
    async function load(): Promise<void> {
      waiting ??= [];
      const now = serverNow();
      const { from, to } = windowOf(view, now);
      try {
        // A moment past now: a device's clock may be ahead.
        const series = await seriesOf(sensor, { from: Math.floor(from), to: Math.ceil(moving ? now + 5_000 : to), points }, stop.signal);
        trend.load(series, waiting);
        trend.gather(bucket);
        failed.current = false;
        setState({ status: "ready", error: null });
      } catch (error) {
        if (stop.signal.aborted) return;
        for (const [ts, value] of waiting ?? []) trend.append(ts, value);
        failed.current = true;
        setState({ status: "failed", error });
      }
      waiting = null;
      changes.count += 1;
    }
    setState((old) => ({ ...old, status: "loading" }));
    void load();
    // Live samples refine the newest buckets only roughly, and the left edge moves on: ask again now and then.
    const again = moving ? setInterval(() => void load(), Math.max(60_000, span / 20)) : undefined;
    return () => {
      stop.abort();
      clearInterval(again);
      releases.forEach((release) => release());
    };
  }, [sensor, view.range, view.from, view.to, points, opened, holes, round, trend, changes]);

  return { trend, ...state, changes, retry: () => setRound((n) => n + 1) };
}
