/** Drawn with the chart: limit lines, quiet, named in the margin; and a mark where an alarm began. */

import type uPlot from "uplot";
import type { Alarm, Limits } from "@/shared/api/types";
import type { Colours } from "./theme";

const NAMES = { hh: "HH", h: "H", l: "L", ll: "LL" } as const;
const KEYS = ["hh", "h", "l", "ll"] as const;
const LETTER_PX = 11;
const GAP_PX = 5;

/** Limits with their names, from the top down. */
export const namesOf = (limits: Limits): { limit: number; name: string; outer: boolean }[] =>
  KEYS.flatMap((key) => {
    const limit = limits[key];
    return typeof limit === "number" ? [{ limit, name: `${NAMES[key]} ${limit}`, outer: key.length > 1 }] : [];
  });

const fontOf = ({ font }: Colours, ratio: number): string => font.replace(/^\S+/, `${LETTER_PX * ratio}px`);

/** Width right of the chart, in CSS pixels, in which the names of its limits stand clear of every line. */
export function roomForNames(limits: Limits, colours: Colours): number {
  const ctx = document.createElement("canvas").getContext("2d");
  if (!ctx) return 12;
  ctx.font = fontOf(colours, 1);
  return Math.max(12, ...namesOf(limits).map(({ name }) => Math.ceil(ctx.measureText(name).width) + 2 * GAP_PX));
}

export function drawLimits(u: uPlot, limits: Limits, colours: Colours): void {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  ctx.save();
  for (const { limit, outer } of namesOf(limits)) {
    const y = Math.round(u.valToPos(limit, "y", true));
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.strokeStyle = colours.soft;
    ctx.lineWidth = (outer ? 1.6 : 1) * ratio;
    ctx.setLineDash(outer ? [] : [7 * ratio, 5 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

/** The names, each beside the end of its line; one that would stand on the name above it moves down. */
export function nameLimits(u: uPlot, limits: Limits, colours: Colours): void {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = fontOf(colours, ratio);
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillStyle = colours.ink;
  let free = -Infinity;
  for (const { limit, name } of namesOf(limits)) {
    const y = Math.round(u.valToPos(limit, "y", true));
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    const at = Math.max(y, free);
    ctx.fillText(name, bbox.left + bbox.width + GAP_PX * ratio, at);
    free = at + (LETTER_PX + 2) * ratio;
  }
  ctx.restore();
}

/** In the middle of a chart without a value: that it is empty, and not broken. */
export function drawWords(u: uPlot, words: string, colours: Colours): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.font = colours.font.replace(/^\S+/, `${15 * devicePixelRatio}px`);
  ctx.textAlign = "center";
  ctx.fillStyle = colours.soft;
  ctx.fillText(words, bbox.left + bbox.width / 2, bbox.top + bbox.height / 2 - 8 * devicePixelRatio);
  ctx.restore();
}

export function drawAlarms(u: uPlot, alarms: readonly Alarm[], colours: Colours): void {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  ctx.save();
  for (const alarm of alarms) {
    const x = Math.round(u.valToPos(Date.parse(alarm.since), "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = colours.ink;
    ctx.lineWidth = ratio;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--${alarm.severity}`);
    ctx.beginPath();
    ctx.moveTo(x - 6 * ratio, bbox.top);
    ctx.lineTo(x + 6 * ratio, bbox.top);
    ctx.lineTo(x, bbox.top + 10 * ratio);
    ctx.fill();
  }
  ctx.restore();
}
