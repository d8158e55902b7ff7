/** What of a rule decides over its past, and what of its condition can be drawn beside a trend. Pure. */

import type { Condition, Limit, Limits, RuleDraft } from "@/shared/api/types";

/** The rule on one sensor, without what changes nothing about its alarms: one spelling for each outcome. */
export const judged = (draft: RuleDraft, sensor: string): RuleDraft => ({
  ...draft, scope: { sensor }, channels: [], policy: null, cause: "", consequence: "", action: "", enabled: true, group: null, realarm: null,
});

/** Two rules with the same key have the same past. */
export const keyOf = (draft: RuleDraft): string => JSON.stringify(Object.fromEntries(Object.entries({ ...draft, name: "" }).sort(([a], [b]) => (a < b ? -1 : 1))));

const FOREIGN = ["deviation_from", "rate_over", "score_over", "expression"];

/** Whether what is compared is the sensor's own value: only then its limits stand in the trend. */
export const isOwn = (condition: Condition): boolean => !FOREIGN.some((word) => word in condition);

/**
 * The limits a condition compares a value with, as a trend draws them: the outer one of two on a side by a full line.
 * A limit by its name is the sensor's own; of more than two on a side the inner- and outermost stand.
 */
export function limitsIn(condition: Condition, own: Limits): Limits {
  if (!isOwn(condition)) return {};
  const bands = condition.levels ?? [condition.of ?? condition];
  const at = (limit: Limit | undefined): number[] => {
    const found = typeof limit === "string" ? own[limit as keyof Limits] : limit;
    return typeof found === "number" && Number.isFinite(found) ? [found] : [];
  };
  const upper = bands.flatMap(({ above, outside }) => [...at(above), ...at(outside?.[1])]).sort((a, b) => a - b);
  const lower = bands.flatMap(({ below, outside }) => [...at(below), ...at(outside?.[0])]).sort((a, b) => b - a);
  return { ...side("h", "hh", upper), ...side("l", "ll", lower) };
}

const side = (inner: "h" | "l", outer: "hh" | "ll", limits: readonly number[]): Limits => {
  const [first, last] = [limits[0], limits.at(-1)];
  return { ...(first !== undefined && { [inner]: first }), ...(last !== undefined && last !== first && { [outer]: last }) };
};
