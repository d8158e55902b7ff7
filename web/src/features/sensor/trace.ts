/** How the way of a value is told in words. Pure. */

import type { Hop, TracedMessage } from "@/shared/api/types";
import { valueText } from "@/shared/format/number";
import { durationMs, fullTimeText, lengthText } from "@/shared/format/time";
import { traceTexts } from "./traceTexts";

/** A value to be traced: its instant, or the bucket of many that `width` ms hold. */
export interface Traced {
  ts: number;
  width: number;
}

export const hopText = (name: Hop["name"]): string => traceTexts().hops[name];

/** By which way it came, and who sent it as far as that is known. */
export function senderText({ source, by, devices }: Pick<TracedMessage, "source" | "by" | "devices">): string {
  const way = traceTexts().sources[source];
  if (by) return traceTexts().by(by, way);
  if (devices.length === 1) return traceTexts().by(devices[0] ?? "", way);
  if (devices.length > 1) return traceTexts().by(traceTexts().oneOf(`${devices.slice(0, 5).join(", ")}${devices.length > 5 ? " …" : ""}`), way);
  return way;
}

/** Whether of the `width` ms that a point stands for nothing narrower is kept, when they came in buckets of `resolution`. */
export const areGone = (resolution: string, width: number): boolean => resolution !== "raw" && durationMs(resolution) >= width;

/** With milliseconds: `26.11.2026, 14:03:22.250`. */
export function instantText(iso: string): string {
  const ms = Date.parse(iso);
  return `${fullTimeText(ms)}.${String(((ms % 1000) + 1000) % 1000).padStart(3, "0")}`;
}

/** Time from hop to hop: `+0.4 ms`, `+61 ms`, `+3 h 02 min`; what lies before its hop shows a clock that is ahead. */
export function gapText(ms: number | null): string {
  if (ms === null) return "";
  const size = Math.abs(ms);
  if (size < 0.05) return traceTexts().atOnce;
  const text = size < 10 ? `${valueText(size, 1)} ms` : size < 10_000 ? `${Math.round(size)} ms` : lengthText(size);
  return ms < 0 ? traceTexts().clockAhead(`−${text}`) : `+${text}`;
}
