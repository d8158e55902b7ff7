/** Keeps tracks filled: live first, then history up to now, then both as one. */

import { useEffect, useMemo, useRef, useState } from "react";
import { serverNow } from "@/shared/clock";
import { useFeed } from "@/shared/live/hooks";
import { live } from "@/shared/live/live";
import type { View } from "@/shared/plant/view";
import { fetchHistory } from "./history";
import { Track, type Arrived } from "./track";
import { bucketOf, windowOf } from "./window";

export interface Tracks {
  /** In the order of the sensors. */
  tracks: readonly Track[];
  status: "loading" | "ready" | "failed";
  error: unknown;
  retry: () => void;
}

interface Ask {
  sensors: readonly string[];
  tracks: readonly Track[];
  view: View;
  points: number;
  /** How much earlier the period lies that is laid over this one, ms. */
  back: number;
  /** Told of what was loaded, and of a change in how values are drawn. */
  tell: (status: Tracks["status"], error?: unknown) => void;
}

/** A moment past now: a device's clock may be ahead. */
const AHEAD_MS = 5_000;
const AGAIN_MS = 60_000;
const MOST_HZ = 10;

/** Live samples refine the newest buckets only roughly, and the left edge moves on: history is asked for again now and then. */
const againAfter = (span: number): number => Math.max(AGAIN_MS, span / 20);

/** Fill tracks until the returned function is called. */
function fill({ sensors, tracks, view, points, back, tell }: Ask): () => void {
  const stop = new AbortController();
  const { live: moving, span } = windowOf(view, serverNow());
  const bucket = bucketOf(span, points);
  /** What arrives while history is on its way. */
  let waiting: Arrived[][] | null = sensors.map(() => []);
  const follows = moving && back === 0;
  const releases = follows ? [live.want({ under: sensors, maxHz: MOST_HZ, every: true })] : [];
  if (follows) sensors.forEach((sensor, i) => releases.push(live.tap(sensor, (ts, value) => {
    const track = tracks[i];
    if (waiting) waiting[i]?.push([ts, value]);
    else track?.append(ts, value);
    // Whoever reads "every value" must be told that these are means now.
    if (!waiting && track?.gather(bucket)) tell("ready");
  })));
  const load = async (): Promise<void> => {
    waiting ??= sensors.map(() => []);
    const { from, to } = windowOf(view, serverNow());
    const until = back ? to + (moving ? againAfter(span) : 0) : moving ? to + AHEAD_MS : to;
    try {
      const found = await fetchHistory(sensors, from - back, until - back, points, stop.signal);
      found.forEach((history, i) => {
        tracks[i]?.load(history, waiting?.[i]);
        tracks[i]?.gather(bucket);
      });
      tell("ready");
    } catch (error) {
      if (stop.signal.aborted) return;
      waiting?.forEach((arrived, i) => arrived.forEach(([ts, value]) => tracks[i]?.append(ts, value)));
      tell("failed", error);
    }
    waiting = null;
  };
  tell("loading");
  void load();
  const again = moving ? setInterval(() => void load(), againAfter(span)) : undefined;
  return () => {
    stop.abort();
    clearInterval(again);
    releases.forEach((release) => release());
  };
}

/**
 * A track for each sensor. `points`: as many as the chart is wide. Loads anew when the window changes, after a gap of
 * the feed, and now and then. `back`: the same sensors so many ms earlier, laid over this period.
 */
export function useTracks(sensors: readonly string[], view: View, points: number, back = 0): Tracks {
  const { opened, holes, state: feed } = useFeed();
  const { range, from, to } = view;
  const names = sensors.join("\n");
  const kept = useRef(new Map<string, Track>());
  const tracks = useMemo(() => {
    const old = kept.current;
    kept.current = new Map(names.split("\n").filter(Boolean).map((name) => {
      const track = old.get(name);
      return [name, track?.shift === back ? track : new Track(back)];
    }));
    return [...kept.current.values()];
  }, [names, back]);
  const [state, setState] = useState<Pick<Tracks, "status" | "error">>({ status: "loading", error: null });
  const [round, setRound] = useState(0);

  // What could not be loaded while the service was away is loaded once it is back.
  const failed = useRef(false);
  useEffect(() => {
    if (feed === "live" && failed.current) setRound((n) => n + 1);
  }, [feed]);

  useEffect(() => {
    const list = names.split("\n").filter(Boolean);
    if (list.length === 0) {
      setState({ status: "ready", error: null });
      return;
    }
    const tell: Ask["tell"] = (status, error = null) => {
      failed.current = status === "failed";
      setState({ status, error });
    };
    return fill({ sensors: list, tracks, view: { range, from, to }, points, back, tell });
  }, [names, tracks, range, from, to, points, back, opened, holes, round]);

  return { tracks, ...state, retry: () => setRound((n) => n + 1) };
}
