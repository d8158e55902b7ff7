/** A track drawn on a canvas: its line, broken where values are missing, and behind it from its least to its greatest. */

import type { Track } from "./track";

/** Where on the canvas, in device pixels, and what of time and value it shows. */
export interface Field {
  left: number;
  top: number;
  width: number;
  height: number;
  from: number;
  to: number;
  low: number;
  high: number;
}

export interface Stroke {
  colour: string;
  /** Device pixels. */
  width: number;
  dash: readonly number[];
  /** Of the extent; '' draws none. */
  band: string;
}

export const xOf = ({ left, width, from, to }: Field, ts: number): number => left + ((ts - from) / (to - from)) * width;
/** By quarters: from one end of the axis to the other may be more than a number can say. */
export const yOf = ({ top, height, low, high }: Field, v: number): number => top + ((high / 4 - v / 4) / (high / 4 - low / 4)) * height;

/** Draw only within the field until `ctx.restore()`. */
export function clip(ctx: CanvasRenderingContext2D, { left, top, width, height }: Field): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
}

export function drawTrack(ctx: CanvasRenderingContext2D, track: Track, field: Field, stroke: Stroke): void {
  if (track.size === 0) return;
  clip(ctx, field);
  if (stroke.band && track.width) drawBand(ctx, track, field, stroke.band);
  drawLine(ctx, track, field, stroke);
  ctx.restore();
}

function drawBand(ctx: CanvasRenderingContext2D, track: Track, field: Field, band: string): void {
  const { ts, low, high } = track;
  ctx.fillStyle = band;
  ctx.beginPath();
  track.runs(field.from, field.to, (first, after) => {
    ctx.moveTo(xOf(field, ts[first] ?? 0), yOf(field, high[first] ?? 0));
    for (let i = first + 1; i < after; i += 1) ctx.lineTo(xOf(field, ts[i] ?? 0), yOf(field, high[i] ?? 0));
    for (let i = after - 1; i >= first; i -= 1) ctx.lineTo(xOf(field, ts[i] ?? 0), yOf(field, low[i] ?? 0));
    ctx.closePath();
  });
  ctx.fill();
}

function drawLine(ctx: CanvasRenderingContext2D, track: Track, field: Field, { colour, width, dash }: Stroke): void {
  const { ts, mean } = track;
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.lineJoin = "round";
  ctx.setLineDash(dash as number[]);
  ctx.beginPath();
  track.runs(field.from, field.to, (first, after) => {
    const [x, y] = [xOf(field, ts[first] ?? 0), yOf(field, mean[first] ?? 0)];
    ctx.moveTo(x, y);
    if (after === first + 1) ctx.rect(x - width, y - width / 2, 2 * width, width); // alone it makes no line
    for (let i = first + 1; i < after; i += 1) ctx.lineTo(xOf(field, ts[i] ?? 0), yOf(field, mean[i] ?? 0));
  });
  ctx.stroke();
}
