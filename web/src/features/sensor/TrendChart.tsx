/** The chart itself: a canvas that follows the trend without React in between. */

import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Alarm, Sensor } from "@/shared/api/types";
import { serverNow } from "@/shared/clock";
import { valueText } from "@/shared/format/number";
import type { View } from "@/shared/plant/view";
import { drawAlarms, drawLimits, drawWords, nameLimits, roomForNames } from "./overlay";
import { axisOf, decimalsOf, extent, QUARTERED } from "./scale";
import { readColours } from "./theme";
import { axisMarks, tickTexts } from "./ticks";
import css from "./TrendChart.module.css";
import type { Trend } from "./trend";
import { picked, windowOf } from "./window";

export interface Pointed {
  ts: number;
  value: number;
  low: number;
  high: number;
}

interface Props {
  sensor: Sensor;
  view: View;
  trend: Trend;
  changes: { count: number };
  alarms: readonly Alarm[];
  withLimits: boolean;
  isLoaded: boolean;
  onPick: (view: View) => void;
  onBack: () => void;
  onPoint: (point: Pointed | null) => void;
  onTrace: (ts: number) => void;
}

/** What the drawing loop reads: always the newest, without building the chart anew. */
type Now = React.RefObject<Props>;

function pointAt(u: uPlot): Pointed | null {
  const i = u.cursor.idx;
  const [ts, low, high, value] = [0, 1, 2, 3].map((s) => (typeof i === "number" ? u.data[s]?.[i] : null));
  if (typeof ts !== "number" || typeof value !== "number") return null;
  return { ts, value, low: low ?? value, high: high ?? value };
}

/** Half the width of the longest time label, in CSS pixels: the last one stands whole at the chart's end. */
const HALF_LABEL = 42;

function create(place: HTMLElement, now: Now): uPlot {
  const colours = readColours();
  const { sensor } = now.current;
  const line = { points: { show: false }, spanGaps: false };
  const axis = { stroke: colours.soft, font: colours.font, grid: { stroke: colours.grid, width: 1 }, ticks: { stroke: colours.grid } };
  return new uPlot({
    width: place.clientWidth,
    height: place.clientHeight,
    ms: 1,
    legend: { show: false },
    padding: [12, Math.max(HALF_LABEL, roomForNames(sensor.limits ?? {}, colours)), 0, 0],
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 7, fill: colours.trace, stroke: colours.trace } },
    scales: {
      x: { time: true, auto: false },
      y: { auto: true, distr: 100, ...QUARTERED, range: (u) => axisOf(seenIn(u), sensor.limits ?? {}, now.current.withLimits) },
    },
    axes: [
      {
        ...axis,
        size: 30,
        splits: (_, __, from, to, step, px) => axisMarks(from, to, (to - from) / step * px, serverNow()),
        values: (_, splits) => tickTexts(splits, serverNow()),
      },
      { ...axis, size: 64, filter: (_, splits) => splits, values: (_, splits) => splits.map((v) => axisText(v, splits)) },
    ],
    series: [
      {},
      { ...line, stroke: colours.band, width: 0 },
      { ...line, stroke: colours.band, width: 0 },
      { ...line, stroke: colours.trace, width: 1.6 },
    ],
    bands: [{ series: [2, 1], fill: colours.band }],
    hooks: {
      drawClear: [(u) => drawLimits(u, sensor.limits ?? {}, colours)],
      draw: [
        (u) => { if (now.current.isLoaded && !seenIn(u)) drawWords(u, "No value in this range", colours); },
        (u) => drawAlarms(u, now.current.alarms, colours),
        (u) => nameLimits(u, sensor.limits ?? {}, colours),
      ],
      setCursor: [(u) => now.current.onPoint(pointAt(u))],
      setSelect: [(u) => {
        const view = u.select.width > 4 && picked(u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x"));
        u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        if (view) now.current.onPick(view);
      }],
    },
  }, [[], [], [], []], place);
}

/** Least and greatest value on screen; null where there is none. */
function seenIn(u: uPlot): [number, number] | null {
  const { min = 0, max = 1 } = u.scales["x"] ?? {};
  return extent(u.data[0] as number[], [u.data[1], u.data[2]] as (number | null)[][], min, max);
}

function axisText(value: number, splits: number[]): string {
  return valueText(value, decimalsOf(Math.abs((splits[1] ?? 1) - (splits[0] ?? 0))));
}

/** A double click leads back, so that a single one is sure only when no second came. */
const CLICK_MS = 280;

/** Click a point to trace it; a drag is no click. Returns what ends it. */
function pickOnClick(u: uPlot, now: Now): () => void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let begun = 0;
  const down = (e: MouseEvent): void => { begun = e.clientX; };
  const click = (e: MouseEvent): void => {
    clearTimeout(waiting);
    const point = pointAt(u);
    if (!point || e.detail > 1 || Math.abs(e.clientX - begun) > 4) return;
    waiting = setTimeout(() => now.current.onTrace(point.ts), CLICK_MS);
  };
  u.over.addEventListener("mousedown", down);
  u.over.addEventListener("click", click);
  return () => clearTimeout(waiting);
}

/** Redraw when something changed or the window moved by a pixel; never more often than the screen. */
function follow(u: uPlot, now: Now): () => void {
  let drawn = -1;
  let edge = 0;
  let frame = 0;
  let shown: unknown;
  const draw = (): void => {
    frame = requestAnimationFrame(draw);
    const { trend, changes, view, alarms, withLimits, isLoaded } = now.current;
    const at = serverNow();
    const { live, from, to, span } = windowOf(view, at);
    const what = [view.from, view.to, view.range, alarms, withLimits, isLoaded, u.width].join();
    const moved = live && at - edge > Math.max(50, span / Math.max(1, u.width));
    if (changes.count === drawn && !moved && what === shown) return;
    if (live) trend.trim(from - span * 0.1);
    if (changes.count !== drawn) u.setData(trend.columns(), false);
    u.batch(() => u.setScale("x", { min: from, max: to }));
    if (what !== shown) u.redraw(false);
    [drawn, edge, shown] = [changes.count, at, what];
  };
  draw();
  return () => cancelAnimationFrame(frame);
}

export function TrendChart(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  const now = useRef(props);
  useEffect(() => {
    now.current = props;
  });
  useEffect(() => {
    const box = place.current;
    if (!box) return;
    let u = create(box, now);
    let ends = [follow(u, now), pickOnClick(u, now)];
    const again = (): void => {
      ends.forEach((end) => end());
      u.destroy();
      u = create(box, now);
      ends = [follow(u, now), pickOnClick(u, now)];
    };
    const size = new ResizeObserver(() => u.setSize({ width: box.clientWidth, height: box.clientHeight }));
    size.observe(box);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", again);
    return () => {
      dark.removeEventListener("change", again);
      size.disconnect();
      ends.forEach((end) => end());
      u.destroy();
    };
  }, [props.sensor]);
  return <div ref={place} className={css["chart"]} onDoubleClick={props.onBack} role="img" aria-label={`Trend of ${props.sensor.name || props.sensor.key}`} />;
}
