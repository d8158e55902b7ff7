/** Drawn over the chart: limit lines, quiet and named, and a mark where an alarm began. */

import type uPlot from "uplot";
import type { Alarm, Limits } from "@/shared/api/types";
import type { Colours } from "./theme";

const NAMES = { hh: "HH", h: "H", l: "L", ll: "LL" } as const;

export function drawLimits(u: uPlot, limits: Limits, colours: Colours): void {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = "right";
  ctx.textBaseline = "bottom";
  for (const key of ["hh", "h", "l", "ll"] as const) {
    const limit = limits[key];
    if (typeof limit !== "number") continue;
    const y = Math.round(u.valToPos(limit, "y", true));
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.strokeStyle = colours.soft;
    ctx.lineWidth = (key.length > 1 ? 1.6 : 1) * ratio;
    ctx.setLineDash(key.length > 1 ? [] : [7 * ratio, 5 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillStyle = colours.ink;
    ctx.fillText(`${NAMES[key]} ${limit}`, bbox.left + bbox.width - 4 * ratio, y - 2 * ratio);
  }
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
