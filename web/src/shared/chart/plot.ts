/** One chart: uPlot's axes, grid and drawing of a stretch, and in them our own ink, straight from the tracks. */

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { serverNow } from "@/shared/clock";
import { valueText } from "@/shared/format/number";
import { readColours, type Colours } from "./colours";
import { drawTrack, type Field } from "./ink";
import type { Line, Shown, ValueAxis } from "./lines";
import { DASHES } from "./looks";
import { drawAlarms, drawDoubts, drawLimits, drawWords, nameLimits, roomForNames } from "./overlay";
import { extentOf } from "./reading";
import { axisOf, decimalsOf, QUARTERED } from "./scale";
import { Marks } from "./marks";
import { picked } from "./window";

/** Half the width of the longest time label, in CSS pixels: the last one stands whole at the chart's end. */
const HALF_LABEL = 42;
const AXIS_PX = 64;
const AXIS_NARROW_PX = 46;
const NARROW_PX = 520;
const UNIT_PX = 18;
const TIMES_PX = 30;

export interface Plot {
  u: uPlot;
  colours: Colours;
  /** Draw this stretch, with value axes that suit what is seen of it. */
  draw: (from: number, to: number) => void;
}

/** Reads what to show each time it draws: nothing is built anew for a new value. */
export function createPlot(place: HTMLElement, shown: () => Shown, onStretch: (stretch: { from: number; to: number }) => void): Plot {
  const colours = readColours();
  const { axes, times, right } = shown();
  const ranges = new Map<string, [number, number]>();
  const marks = new Marks();
  const [only] = axes.length === 1 ? axes : [];
  const u: uPlot = new uPlot({
    width: place.clientWidth,
    height: place.clientHeight,
    ms: 1,
    legend: { show: false },
    padding: [12, right ?? (axes.length > 1 ? 8 : Math.max(HALF_LABEL, roomForNames(only?.limits ?? {}, colours))), times ? 0 : 8, 0],
    cursor: {
      x: false, y: false, points: { show: false }, drag: { x: true, y: false, setScale: false },
      bind: { mousedown: (_, __, take) => (e: MouseEvent) => { if (!e.shiftKey) take(e); return null; }, dblclick: () => () => null },
    },
    scales: {
      x: { time: true, auto: false },
      ...Object.fromEntries(axes.map(({ key }) => [key, { auto: true, distr: 100, ...QUARTERED, range: () => ranges.get(key) ?? [0, 1] } as uPlot.Scale])),
    },
    axes: [timeAxis(colours, marks, times), ...axes.map((axis, i) => valueAxis(axis, i, colours))],
    series: [{}, ...axes.map(({ key }) => ({ scale: key, points: { show: false } }))],
    hooks: {
      drawClear: [() => drawBehind(u, shown(), colours)],
      draw: [() => drawFront(u, shown(), colours)],
      setSelect: [() => {
        const { left, width } = u.select;
        const stretch = width > 4 ? picked(u.posToVal(left, "x"), u.posToVal(left + width, "x")) : null;
        u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        if (stretch?.from !== undefined && stretch.to !== undefined) onStretch({ from: stretch.from, to: stretch.to });
      }],
    },
  }, [[0, 1], ...axes.map(() => [null, null])], place);
  const draw = (from: number, to: number): void => {
    const { lines, withLimits } = shown();
    for (const axis of axes) ranges.set(axis.key, axisOf(seen(lines, axis.key, from, to), axis.limits ?? {}, withLimits));
    u.batch(() => u.setScale("x", { min: from, max: to }));
  };
  return { u, colours, draw };
}

const ruled = (colours: Colours) => ({ stroke: colours.soft, font: colours.font, grid: { stroke: colours.grid, width: 1 }, ticks: { stroke: colours.grid } });

function timeAxis(colours: Colours, marks: Marks, named: boolean): uPlot.Axis {
  return {
    ...ruled(colours),
    size: named ? TIMES_PX : 0,
    splits: (u, __, from, to) => marks.of(from, to, u.bbox.width / devicePixelRatio, serverNow()),
    values: (_, splits) => (named ? marks.texts(splits, serverNow()) : splits.map(() => "")),
  };
}

/** The first stands left, all others right, and the first alone has a grid. */
function valueAxis({ key, unit, named }: ValueAxis, i: number, colours: Colours): uPlot.Axis {
  return {
    ...ruled(colours),
    scale: key,
    side: i === 0 ? 3 : 1,
    size: (u) => (u.width < NARROW_PX ? AXIS_NARROW_PX : AXIS_PX),
    grid: { show: i === 0, stroke: colours.grid, width: 1 },
    ...(named && { label: unit || "1", labelSize: UNIT_PX, labelFont: colours.font }),
    filter: (_, splits) => splits,
    values: (_, splits) => splits.map((v) => valueText(v, decimalsOf(Math.abs((splits[1] ?? 1) - (splits[0] ?? 0))))),
  };
}

/** Least and greatest value of an axis on screen; null where there is none. */
function seen(lines: readonly Line[], axis: string, from: number, to: number): [number, number] | null {
  let found: [number, number] | null = null;
  for (const line of lines) {
    const extent = line.axis === axis ? extentOf(line.track, from, to) : null;
    if (extent) found = found ? [Math.min(found[0], extent[0]), Math.max(found[1], extent[1])] : extent;
  }
  return found;
}

function fieldOf(u: uPlot, axis: string): Field {
  const { left, top, width, height } = u.bbox;
  const { min: from = 0, max: to = 1 } = u.scales["x"] ?? {};
  const { min: low = 0, max: high = 1 } = u.scales[axis] ?? {};
  return { left, top, width, height, from, to, low, high };
}

function drawBehind(u: uPlot, { axes, doubts }: Shown, colours: Colours): void {
  const [only] = axes;
  if (!only) return;
  const field = fieldOf(u, only.key);
  if (axes.length === 1 && only.limits) drawLimits(u.ctx, field, only.limits, colours);
  if (doubts.length > 0) drawDoubts(u.ctx, field, doubts, colours);
}

function drawFront(u: uPlot, { axes, lines, alarms, empty }: Shown, colours: Colours): void {
  const [first] = axes;
  if (!first) return;
  const ratio = devicePixelRatio;
  let any = false;
  for (const { axis, track, colour, dash, band, thin } of lines) {
    const field = fieldOf(u, axis);
    any ||= extentOf(track, field.from, field.to) !== null;
    drawTrack(u.ctx, track, field, {
      colour: colour === undefined ? colours.trace : colours.line(colour),
      width: (thin ? 1 : 1.7) * ratio,
      dash: (DASHES[dash] ?? []).map((px) => px * ratio),
      band: band ? colours.band : "",
    });
  }
  const field = fieldOf(u, first.key);
  if (!any && empty) drawWords(u.ctx, field, empty, colours);
  drawAlarms(u.ctx, field, alarms, colours, serverNow());
  if (axes.length === 1 && first.limits) nameLimits(u.ctx, field, first.limits, colours);
}
