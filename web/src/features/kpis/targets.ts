/** Targets of the figures, by the name that alerting gives each: ISA-18.2-2016, section 16, and EEMUA 191. Pure. */

import type { Kpi } from "@/shared/api/types";
import { valueText } from "@/shared/format/number";
import { texts } from "./texts";

export interface Target {
  /** Reached, it is good. */
  good: number;
  /** Reached, it can be managed. */
  bearable: number;
  /** How it is said; `least`: more is better. */
  said: "most" | "manageable" | "below" | "about" | "none";
  least?: boolean;
}

const TARGETS: Record<string, Target> = {
  per_ten_minutes: { good: 1, bearable: 2, said: "manageable" },
  per_hour: { good: 6, bearable: 12, said: "manageable" },
  per_day: { good: 144, bearable: 288, said: "manageable" },
  peak_ten_minutes: { good: 10, bearable: 10, said: "most" },
  peak_hour: { good: 15, bearable: 30, said: "most" },
  peak_day: { good: 150, bearable: 300, said: "manageable" },
  crowded: { good: 1, bearable: 5, said: "below" },
  flooded: { good: 1, bearable: 5, said: "below" },
  top_ten: { good: 5, bearable: 20, said: "most" },
  chattering: { good: 0, bearable: 0, said: "none" },
  fleeting: { good: 0, bearable: 0, said: "none" },
  stale: { good: 5, bearable: 10, said: "below" },
  stale_worst_day: { good: 5, bearable: 10, said: "below" },
  low: { good: 80, bearable: 65, said: "about", least: true },
  medium: { good: 15, bearable: 30, said: "about" },
  high: { good: 5, bearable: 10, said: "about" },
  critical: { good: 1, bearable: 2, said: "below" },
  unanswered: { good: 0, bearable: 5, said: "none" },
};

export const targetOf = ({ name }: Pick<Kpi, "name">): Target | undefined => TARGETS[name];

/** A figure's title in the reader's language; alerting's own for one that is not known here. */
export const titleOf = ({ name, title }: Pick<Kpi, "name" | "title">): string => (texts().titles as Record<string, string>)[name] ?? title;

/** `at most 6, manageable 12`. */
export function targetText({ name, unit, target }: Pick<Kpi, "name" | "unit" | "target">): string {
  const found = TARGETS[name];
  if (!found) return target;
  const say = texts();
  const [good, bearable] = [found.good, found.bearable].map((n) => `${valueText(n, 0)}${unit && `\u00a0${unit}`}`) as [string, string];
  if (found.said === "none") return say.none;
  if (found.said === "below") return say.below(good);
  return found.said === "about" ? say.about(good) : say.atMost(good, found.said === "manageable" ? bearable : "");
}

/** Why a figure is not judged, in the reader's language; as alerting wrote it where it is none of these. */
export function noteText(note: string): string {
  const { notes } = texts();
  if (note === "nothing was annunciated") return notes.nothing;
  const [, few = "", enough = ""] = /^only (\d+) rules and sensors alarmed: of fewer than (\d+) /.exec(note) ?? [];
  if (few) return notes.few(few, enough);
  const [, count = "", needed = ""] = /^(\d+) annunciations are too few for a mix; (\d+) are needed$/.exec(note) ?? [];
  return count ? notes.noMix(count, needed) : note;
}

export interface Gauge {
  /** Parts of the bar's width, 0 to 1. */
  value: number;
  good: number;
  bearable: number;
}

/** The value beside its target on one scale; undefined where there is nothing to lay it against. */
export function gaugeOf({ name, value, unit }: Pick<Kpi, "name" | "value" | "unit">): Gauge | undefined {
  const target = TARGETS[name];
  if (!target || value === null || (target.good === 0 && target.bearable === 0)) return undefined;
  const wide = Math.max(value, target.bearable, target.good) * 1.25;
  const whole = unit === "%" ? Math.min(100, wide) : wide;
  return { value: value / whole, good: target.good / whole, bearable: target.bearable / whole };
}
