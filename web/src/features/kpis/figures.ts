/** Figures in words, and the bars of their chart. Pure. */

import type { Kpi, Kpis, Offender, Rating, Severity } from "@/shared/api/types";
import { valueText } from "@/shared/format/number";
import { lengthText } from "@/shared/format/time";

export const RANGES = ["-24h", "-7d", "-30d", "-90d", "-365d"] as const;
export type Range = (typeof RANGES)[number];
export const USUAL_RANGE: Range = "-7d";

/** What makes an alarm a nuisance. */
export const NATURES = ["chatter", "fleeting", "stale", "unanswered"] as const;
export type Nature = (typeof NATURES)[number];

export interface KpiView {
  range?: Range | undefined;
  under?: string | undefined;
  /** Of the offenders, those that are so. */
  nature?: Nature | undefined;
}

export function readKpis(search: Record<string, unknown>): KpiView {
  const range = RANGES.find((r) => r === search["range"]);
  const nature = NATURES.find((n) => n === search["nature"]);
  const under = search["under"];
  return { ...(range && { range }), ...(typeof under === "string" && under && { under }), ...(nature && { nature }) };
}

/** Whether an offender is a nuisance of that nature. */
export const isOf = (nature: Nature | undefined, { chatter, fleeting, stale_seconds, unanswered }: Offender): boolean =>
  !nature || { chatter, fleeting, stale: stale_seconds, unanswered }[nature] > 0;

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

const HOUR_MS = 3_600_000;
/** ISA-18.2: at most so many annunciations in an hour, for one operator. */
const TARGET_HOUR = 6;

/** So many at most, in a bar that is so wide. */
export const targetOf = (widthMs: number): number => (TARGET_HOUR * widthMs) / HOUR_MS;
