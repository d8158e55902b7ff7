/** A value on its scale: the normal band between the limits, a tick per limit, a pointer where it stands now. */

import type { Limits } from "@/shared/api/types";
import css from "./AnalogBar.module.css";

/** The scale to draw: a little beyond the outer limits, and wide enough for the value. */
export function scaleOf({ ll, l, h, hh }: Limits, value: number): [low: number, high: number] | null {
  const marks = [ll, l, h, hh].filter((m): m is number => typeof m === "number");
  if (marks.length === 0 || !Number.isFinite(value)) return null;
  // One-sided limits need a floor: zero is where most machine values begin.
  const low = Math.min(...marks, typeof l === "number" || typeof ll === "number" ? Infinity : 0);
  const high = Math.max(...marks, typeof h === "number" || typeof hh === "number" ? -Infinity : low + 1, low);
  const span = high - low || Math.abs(high) || 1;
  const isFloor = low === 0 && typeof l !== "number" && typeof ll !== "number";
  return [Math.min(isFloor ? low : low - span * 0.12, value), Math.max(high + span * 0.12, value)];
}

export type Excess = "hh" | "h" | "l" | "ll" | null;

/** The limit a value is beyond. */
export function excessOf({ ll, l, h, hh }: Limits, value: number): Excess {
  if (typeof hh === "number" && value >= hh) return "hh";
  if (typeof ll === "number" && value <= ll) return "ll";
  if (typeof h === "number" && value >= h) return "h";
  if (typeof l === "number" && value <= l) return "l";
  return null;
}

export function AnalogBar({ value, limits, faded }: { value: number; limits: Limits; faded: boolean }) {
  const scale = scaleOf(limits, value);
  if (!scale) return <span className={css["none"]} />;
  const [low, high] = scale;
  const x = (v: number): number => ((Math.min(high, Math.max(low, v)) - low) / (high - low || 1)) * 200;
  const bandFrom = x(limits.l ?? limits.ll ?? low);
  const bandTo = x(limits.h ?? limits.hh ?? high);
  const at = x(value);
  const state = faded ? css["faded"] : excessOf(limits, value) ? css["beyond"] : "";
  return (
    <svg className={`${css["bar"]} ${state}`} viewBox="0 0 200 26" preserveAspectRatio="none" aria-hidden="true">
      <rect className={css["scale"]} x="0" y="9" width="200" height="10" />
      <rect className={css["band"]} x={bandFrom} y="9" width={Math.max(0, bandTo - bandFrom)} height="10" />
      {(["ll", "l", "h", "hh"] as const).map((key) => {
        const limit = limits[key];
        if (typeof limit !== "number") return null;
        return <line key={key} className={key.length > 1 ? css["outer"] : css["tick"]} x1={x(limit)} x2={x(limit)} y1="6" y2="22" />;
      })}
      <path className={css["pointer"]} d={`M${at - 5} 1h10l-5 9z`} />
      <line className={css["needle"]} x1={at} x2={at} y1="8" y2="20" />
    </svg>
  );
}
