/** Conditions: the forms they are written in, as fields of a form and as alerting takes them. Pure. */

import type { Condition, Datatype, LevelDraft, Quality, Severity, Value } from "@/shared/api/types";
import { bandOf, fieldsOfBand, limitOf, numberOf, type Side } from "./limits";

/** Each has fields of its own; `json` is whatever they cannot show. */
export const FORMS = [
  "above", "below", "outside", "levels", "equals", "silent", "unchanged", "quality", "deviation", "rate", "score", "count", "formula", "truth", "json",
] as const;
export type Form = (typeof FORMS)[number];
/** Those that compare another number than the value itself: the side is a choice of its own. */
export const DERIVED: readonly Form[] = ["deviation", "rate", "score", "count", "formula"];

export const QUALITIES: readonly Quality[] = ["good", "uncertain", "bad", "stale"];
export const PERS = ["s", "min", "h"] as const;
export type Per = (typeof PERS)[number];

export interface LevelField {
  side: "above" | "below";
  limit: string;
  severity: Severity;
}

export interface ConditionFields {
  form: Form;
  /** Of the derived forms; the plain ones have it in their name. */
  side: Side;
  low: string;
  high: string;
  levels: LevelField[];
  equals: string;
  silent: string;
  unchanged: string;
  qualities: Quality[];
  /** Another sensor, or a number, that is taken off. */
  other: string;
  /** How far back a rate or a score looks. */
  over: string;
  per: Per;
  expression: string;
  count: string;
  within: string;
  json: string;
}

export const BLANK_CONDITION: ConditionFields = {
  form: "above", side: "above", low: "", high: "", equals: "", silent: "30s", unchanged: "10m", qualities: ["bad", "stale"],
  other: "", over: "10m", per: "min", expression: "", count: "5", within: "10m", json: "",
  levels: [{ side: "above", limit: "hh", severity: "critical" }, { side: "above", limit: "h", severity: "medium" }],
};

export const jsonText = (condition: Condition): string => JSON.stringify(condition, null, 2);

/** A condition from JSON; undefined when it is no object. */
export function parsedCondition(text: string): Condition | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null && !Array.isArray(found) ? (found as Condition) : undefined;
  } catch {
    return undefined; // Half-typed: the form says so.
  }
}

/** What is written in `equals`: words, numbers, true or false, with commas between; words alone where the sensor says words. */
export function valuesOf(text: string, datatype?: Datatype): Value[] {
  return text.split(",").map((part) => part.trim()).filter(Boolean).map((part) => {
    if (datatype === "string") return part;
    if (part === "true" || part === "false") return part === "true";
    return Number.isNaN(Number(part)) ? part : Number(part);
  });
}

const fieldOf = ({ above, below, severity }: LevelDraft, usual: Severity): LevelField =>
  ({ side: below === undefined ? "above" : "below", limit: String(above ?? below), severity: severity ?? usual });

/** The fields that a condition seems to be; whether it is all of it, `fieldsOfCondition` finds out. */
function likely(c: Condition, severity: Severity): Partial<ConditionFields> {
  const band = fieldsOfBand(c.of ?? c);
  if (c.levels) return { form: "levels", levels: c.levels.map((level) => fieldOf(level, severity)) };
  if (c.equals !== undefined) return { form: "equals", equals: [c.equals].flat().map(String).join(", ") };
  if (c.silent !== undefined) return { form: "silent", silent: c.silent };
  if (c.unchanged !== undefined) return { form: "unchanged", unchanged: c.unchanged };
  if (c.quality !== undefined) return { form: "quality", qualities: [c.quality].flat() };
  if (c.deviation_from !== undefined) return { form: "deviation", other: String(c.deviation_from), ...band };
  if (c.rate_over !== undefined) return { form: "rate", over: c.rate_over, per: c.per ?? "min", ...band };
  if (c.score_over !== undefined) return { form: "score", over: c.score_over, ...band };
  if (c.count !== undefined) return { form: "count", count: String(c.count), within: c.within ?? "", ...band };
  if (c.expression !== undefined) return { form: band ? "formula" : "truth", expression: c.expression, ...band };
  return band ? { form: band.side, ...band } : { form: "json" };
}

/** One spelling of what may be written in several ways. */
function spelled(c: Condition): string {
  const whole: Record<string, unknown> = { ...c };
  if (c.rate_over !== undefined) whole["per"] = c.per ?? "min";
  if (c.quality !== undefined) whole["quality"] = [c.quality].flat();
  if (c.equals !== undefined) whole["equals"] = [c.equals].flat().map(String);
  return JSON.stringify(Object.entries(whole).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A condition as fields; as JSON where fields would not show all of it. A level without a severity has the rule's. */
export function fieldsOfCondition(condition: Condition, severity: Severity): ConditionFields {
  const blank = { ...BLANK_CONDITION, json: jsonText(condition) };
  const fields = { ...blank, ...likely(condition, severity) };
  const meant = condition.levels ? { ...condition, levels: condition.levels.map((level) => ({ ...level, severity: level.severity ?? severity })) } : condition;
  const same = spelledLevels(conditionOf(fields)) === spelledLevels(meant);
  return same ? fields : { ...blank, form: "json" };
}

const spelledLevels = (c: Condition): string =>
  spelled(c.levels ? { ...c, levels: c.levels.map((level) => Object.fromEntries(Object.entries(level).sort(([a], [b]) => (a < b ? -1 : 1))) as LevelDraft) } : c);

const baseOf = (other: string): string | number => (Number.isNaN(numberOf(other)) ? other.trim() : numberOf(other));

/** The condition that the fields say. */
export function conditionOf(f: ConditionFields, datatype?: Datatype): Condition {
  switch (f.form) {
    case "above": case "below": case "outside": return bandOf({ ...f, side: f.form });
    case "levels": return { levels: f.levels.map(({ side, limit, severity }) => ({ [side]: limitOf(limit), severity })) };
    case "silent": return { silent: f.silent.trim() };
    case "unchanged": return { unchanged: f.unchanged.trim() };
    case "quality": return { quality: f.qualities };
    case "deviation": return { deviation_from: baseOf(f.other), ...bandOf(f) };
    case "rate": return { rate_over: f.over.trim(), per: f.per, ...bandOf(f) };
    case "score": return { score_over: f.over.trim(), ...bandOf(f) };
    case "count": return { count: numberOf(f.count), within: f.within.trim(), of: bandOf(f) };
    case "formula": return { expression: f.expression.trim(), ...bandOf(f) };
    case "truth": return { expression: f.expression.trim() };
    case "equals": {
      const said = valuesOf(f.equals, datatype);
      return { equals: said.length === 1 && said[0] !== undefined ? said[0] : said };
    }
    case "json": return parsedCondition(f.json) ?? {};
  }
}
