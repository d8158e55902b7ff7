/** Drawn with a line: its limits, named in the margin, what is normal, its alarms, and where its quality was not good. */

import type { Limits } from "@/shared/api/types";
import type { Colours } from "./colours";
import { clip, xOf, yOf, type Field } from "./ink";
import type { Doubt } from "./lines";
import { laneOf, LANES, spanOf, type SpannedAlarm } from "./spans";

const NAMES = { hh: "HH", h: "H", l: "L", ll: "LL" } as const;
const KEYS = ["hh", "h", "l", "ll"] as const;
const LETTER_PX = 11;
const GAP_PX = 5;

type Ctx = CanvasRenderingContext2D;

/** Limits with their names, from the top down. */
export const namesOf = (limits: Limits): { limit: number; name: string; outer: boolean }[] =>
  KEYS.flatMap((key) => {
    const limit = limits[key];
    return typeof limit === "number" ? [{ limit, name: `${NAMES[key]} ${limit}`, outer: key.length > 1 }] : [];
  });

const fontOf = ({ font }: Colours, ratio: number, px = LETTER_PX): string => font.replace(/^\S+/, `${px * ratio}px`);

/** Width right of the chart, in CSS pixels, in which the names of its limits stand clear of every line. */
export function roomForNames(limits: Limits, colours: Colours): number {
  const ctx = document.createElement("canvas").getContext("2d");
  if (!ctx) return 12;
  ctx.font = fontOf(colours, 1);
  return Math.max(12, ...namesOf(limits).map(({ name }) => Math.ceil(ctx.measureText(name).width) + 2 * GAP_PX));
}

/** The limits as lines, and the normal band between the inner ones. */
export function drawLimits(ctx: Ctx, field: Field, limits: Limits, colours: Colours): void {
  const ratio = devicePixelRatio;
  clip(ctx, field);
  const [upper, lower] = [limits.h ?? limits.hh, limits.l ?? limits.ll];
  if (typeof upper === "number" || typeof lower === "number") {
    const top = typeof upper === "number" ? Math.max(field.top, yOf(field, upper)) : field.top;
    const bottom = typeof lower === "number" ? Math.min(field.top + field.height, yOf(field, lower)) : field.top + field.height;
    ctx.fillStyle = colours.normal;
    if (bottom > top) ctx.fillRect(field.left, top, field.width, bottom - top);
  }
  ctx.strokeStyle = colours.soft;
  for (const { limit, outer } of namesOf(limits)) {
    const y = Math.round(yOf(field, limit));
    ctx.lineWidth = (outer ? 1.6 : 1) * ratio;
    ctx.setLineDash(outer ? [] : [7 * ratio, 5 * ratio]);
    ctx.beginPath();
    ctx.moveTo(field.left, y);
    ctx.lineTo(field.left + field.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

/** The names, each beside the end of its line; one that would stand on the name above it moves down. */
export function nameLimits(ctx: Ctx, field: Field, limits: Limits, colours: Colours): void {
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = fontOf(colours, ratio);
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillStyle = colours.ink;
  let free = -Infinity;
  for (const { limit, name } of namesOf(limits)) {
    const y = Math.round(yOf(field, limit));
    if (y < field.top || y > field.top + field.height) continue;
    const at = Math.max(y, free);
    ctx.fillText(name, field.left + field.width + GAP_PX * ratio, at);
    free = at + (LETTER_PX + 2) * ratio;
  }
  ctx.restore();
}

/** In the middle of a chart without a value: that it is empty, and not broken. */
export function drawWords(ctx: Ctx, field: Field, words: string, colours: Colours): void {
  ctx.save();
  ctx.font = fontOf(colours, devicePixelRatio, 15);
  ctx.textAlign = "center";
  ctx.fillStyle = colours.soft;
  ctx.fillText(words, field.left + field.width / 2, field.top + field.height / 2);
  ctx.restore();
}

const LANE_PX = 7;
/** So many instants are each marked down to the ground; of more one would see nothing else. */
const MOST_MARKED = 30;

/** Each alarm as a bar from when it was raised to when it was over, with a mark where it began and where it was acknowledged. */
export function drawAlarms(ctx: Ctx, field: Field, alarms: readonly SpannedAlarm[], colours: Colours, now: number): void {
  const shown = alarms.filter((alarm) => {
    const { from, to } = spanOf(alarm, now);
    return to >= field.from && from <= field.to;
  });
  if (shown.length === 0) return;
  const lanes = laneOf(shown, now);
  clip(ctx, field);
  for (const alarm of shown) drawAlarm(ctx, field, alarm, { colours, now, lane: lanes.get(alarm.id) ?? 0, marked: shown.length <= MOST_MARKED });
  ctx.restore();
}

interface Drawing {
  colours: Colours;
  now: number;
  lane: number;
  marked: boolean;
}

function drawAlarm(ctx: Ctx, field: Field, alarm: SpannedAlarm, { colours, now, lane, marked }: Drawing): void {
  const ratio = devicePixelRatio;
  const { from, to, acknowledged } = spanOf(alarm, now);
  const [left, right] = [xOf(field, from), xOf(field, to)];
  const top = field.top + (lane % LANES) * LANE_PX * ratio;
  if (marked) upright(ctx, left, top, field.top + field.height, colours.ink);
  ctx.fillStyle = colours.severity(alarm.severity);
  ctx.fillRect(left, top, Math.max(2 * ratio, right - left), (LANE_PX - 2) * ratio);
  ctx.beginPath();
  ctx.moveTo(left - 6 * ratio, top);
  ctx.lineTo(left + 6 * ratio, top);
  ctx.lineTo(left, top + 11 * ratio);
  ctx.fill();
  if (acknowledged === undefined) return;
  const x = xOf(field, acknowledged);
  ctx.strokeStyle = colours.ink;
  ctx.lineWidth = 2 * ratio;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x - 4 * ratio, top + 5 * ratio);
  ctx.lineTo(x - 1 * ratio, top + 9 * ratio);
  ctx.lineTo(x + 5 * ratio, top + 1 * ratio);
  ctx.stroke();
}

function upright(ctx: Ctx, x: number, top: number, bottom: number, colour: string): void {
  const ratio = devicePixelRatio;
  ctx.strokeStyle = colour;
  ctx.lineWidth = ratio;
  ctx.setLineDash([2 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, bottom);
  ctx.stroke();
}

const HATCH_PX = 7;
const FOOT_PX = 5;

/** Hatched from top to ground where the sensor itself doubted its values, with a foot that no line hides. */
export function drawDoubts(ctx: Ctx, field: Field, doubts: readonly Doubt[], colours: Colours): void {
  const ratio = devicePixelRatio;
  const ground = field.top + field.height;
  ctx.lineWidth = ratio;
  ctx.strokeStyle = ctx.fillStyle = colours.soft;
  for (const [from, to] of doubts) {
    if (to < field.from || from > field.to) continue;
    const left = Math.max(field.left, xOf(field, from));
    const width = Math.max(2 * ratio, Math.min(field.left + field.width, xOf(field, to)) - left);
    clip(ctx, { ...field, left, width });
    ctx.beginPath();
    const first = Math.floor((left - field.height) / (HATCH_PX * ratio)) * HATCH_PX * ratio;
    for (let x = first; x < left + width; x += HATCH_PX * ratio) {
      ctx.moveTo(x, ground);
      ctx.lineTo(x + field.height, field.top);
    }
    ctx.globalAlpha = 0.35;
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.fillRect(left, ground - FOOT_PX * ratio, width, FOOT_PX * ratio);
    ctx.restore();
  }
}
