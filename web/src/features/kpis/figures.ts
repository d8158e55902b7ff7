/** Figures in words, and the bars of their chart. Pure. */

import type { Kpi, Kpis, Rating, Severity } from "@/shared/api/types";
import { valueText } from "@/shared/format/number";
import { lengthText } from "@/shared/format/time";

export const RANGES = [["-24h", "24 hours"], ["-7d", "7 days"], ["-30d", "30 days"], ["-90d", "90 days"], ["-365d", "a year"]] as const;
export type Range = (typeof RANGES)[number][0];

export interface KpiView {
  range?: Range | undefined;
  under?: string | undefined;
}

export function readKpis(search: Record<string, unknown>): KpiView {
  const range = RANGES.find(([r]) => r === search["range"])?.[0];
  const under = search["under"];
  return { ...(range && { range }), ...(typeof under === "string" && under && { under }) };
}

export const RATING_TEXT: Record<Rating, string> = { good: "Good", fair: "Manageable", poor: "Too much" };

/** Whole numbers as they are, others with one decimal. */
export function figureText({ value, unit }: Pick<Kpi, "value" | "unit">): string {
  if (value === null) return "–";
  return `${valueText(value, Number.isInteger(value) ? 0 : 1)}${unit && `\u00a0${unit}`}`;
}

export const secondsText = (seconds: number | null): string => (seconds === null ? "–" : lengthText(seconds * 1000));

/** How many figures have which rating. */
export function ratings(kpis: readonly Kpi[]): Record<Rating, number> {
  const found = { good: 0, fair: 0, poor: 0 };
  for (const { rating } of kpis) if (rating) found[rating] += 1;
  return found;
}

export interface Bar {
  at: number;
  total: number;
  /** From the bottom up, least severe first: where each part begins and how high it is, of `most`. */
  parts: { severity: Severity; from: number; count: number }[];
}

const ORDER: readonly Severity[] = ["low", "medium", "high", "critical"];

export function barsOf(points: Kpis["chart"]["points"]): { bars: Bar[]; most: number } {
  const bars = points.map(([at, ...counts]) => {
    let from = 0;
    const parts = counts.flatMap((count, i) => {
      const severity = ORDER[i];
      const begin = from;
      from += count;
      return severity && count > 0 ? [{ severity, from: begin, count }] : [];
    });
    return { at, total: from, parts };
  });
  return { bars, most: Math.max(1, ...bars.map((bar) => bar.total)) };
}

/** A round number at or above the highest bar, for the scale. */
export function roofOf(most: number): number {
  const unit = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((step) => step * unit >= most) ?? 10) * unit;
}
