/** Conditions: the forms they are written in, as fields of a form and as alerting takes them. Pure. */

import type { Condition, Datatype, LevelDraft, Limit, Severity, Value } from "@/shared/api/types";
import { durationMs } from "@/shared/format/time";

/** A number as people type it, `4,5` too; NaN when it is none. */
export const numberOf = (text: string): number => (text.trim() ? Number(text.trim().replace(",", ".")) : Number.NaN);

const OWN = ["ll", "l", "h", "hh"];
/** A number, or the name of one of the sensor's own limits; NaN when it is neither. */
export const limitOf = (text: string): Limit => (OWN.includes(text.trim().toLowerCase()) ? text.trim().toLowerCase() : numberOf(text));
export const isLimit = (text: string): boolean => !Number.isNaN(limitOf(text));

/** Written with fields of their own; `json` is every other one. */
export type Form = "above" | "below" | "outside" | "levels" | "equals" | "silent" | "json";

export interface LevelField {
  side: "above" | "below";
  limit: string;
  severity: Severity;
}

export interface ConditionFields {
  form: Form;
  low: string;
  high: string;
  levels: LevelField[];
  equals: string;
  silent: string;
  json: string;
}

export const BLANK_CONDITION: ConditionFields = {
  form: "above", low: "", high: "", equals: "", silent: "30s", json: "",
  levels: [{ side: "above", limit: "hh", severity: "critical" }, { side: "above", limit: "h", severity: "medium" }],
};

export interface Pattern {
  name: string;
  text: string;
  help: string;
  sample: Condition;
}

/** Forms that are written as JSON, each with an example to begin from. */
export const PATTERNS: readonly Pattern[] = [
  { name: "deviation", text: "differs from another sensor", help: "The value minus that of another sensor of the machine (by its key, or its whole path), or minus a number.", sample: { deviation_from: "setpoint", outside: [-5, 5] } },
  { name: "rate", text: "rises or falls too fast", help: "The change per s, min or h, over the time in rate_over. A fall is below a negative number.", sample: { rate_over: "10m", per: "min", above: 3 } },
  { name: "score", text: "is unlike its own past", help: "How far the value lies from the median of the time in score_over, in robust standard deviations.", sample: { score_over: "1h", outside: [-5, 5] } },
  { name: "formula", text: "a formula passes a limit", help: "A number made of sensors of the machine, by their keys; others by their whole paths in quotes.", sample: { expression: "temperature - ambient", above: 40 } },
  { name: "truth", text: "a formula is true", help: "Compare and join with and, or, not: temperature > 80 and not speed < 10.", sample: { expression: "temperature > 80 and not speed < 10" } },
  { name: "count", text: "happens too often", help: "How often what stands in “of” (above, below or outside) began within a time.", sample: { count: 5, within: "10m", of: { above: 80 } } },
  { name: "unchanged", text: "does not change", help: "The same value for this long: a sensor that hangs.", sample: { unchanged: "10m" } },
  { name: "quality", text: "cannot be trusted", help: "The value has one of these qualities: good, uncertain, bad, stale.", sample: { quality: ["bad", "stale"] } },
];
const MARK_OF: Record<string, string> = { deviation: "deviation_from", rate: "rate_over", score: "score_over", count: "count", unchanged: "unchanged", quality: "quality" };

/** The pattern a condition follows, as far as it can be told. */
export function patternOf(condition: Condition): Pattern | undefined {
  const isCompared = ["above", "below", "outside", "levels"].some((word) => word in condition);
  const name = "expression" in condition ? (isCompared ? "formula" : "truth") : Object.keys(MARK_OF).find((n) => MARK_OF[n] && MARK_OF[n] in condition);
  return PATTERNS.find((p) => p.name === name);
}

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

const PLAIN_LEVEL = new Set(["above", "below", "severity"]);
const isPlainLevel = (level: LevelDraft): boolean => ("above" in level) !== ("below" in level) && Object.keys(level).every((word) => PLAIN_LEVEL.has(word));

/** A condition as fields; as JSON where fields could not show all of it. */
export function fieldsOfCondition(condition: Condition, severity: Severity): ConditionFields {
  const [word, ...others] = Object.keys(condition);
  const { above, below, outside, levels, equals, silent } = condition;
  const blank = { ...BLANK_CONDITION, json: jsonText(condition) };
  if (others.length > 0) return { ...blank, form: "json" };
  if (word === "above") return { ...blank, form: "above", high: String(above) };
  if (word === "below") return { ...blank, form: "below", low: String(below) };
  if (word === "outside" && outside) return { ...blank, form: "outside", low: String(outside[0]), high: String(outside[1]) };
  if (word === "silent") return { ...blank, form: "silent", silent: String(silent) };
  const said = [equals].flat();
  if (word === "equals" && !said.some((v) => String(v).includes(","))) return { ...blank, form: "equals", equals: said.map(String).join(", ") };
  if (word === "levels" && levels?.every(isPlainLevel)) return { ...blank, form: "levels", levels: levels.map((level) => fieldOf(level, severity)) };
  return { ...blank, form: "json" };
}

const fieldOf = ({ above, below, severity }: LevelDraft, usual: Severity): LevelField =>
  ({ side: below === undefined ? "above" : "below", limit: String(above ?? below), severity: severity ?? usual });

export function conditionOf(f: ConditionFields, datatype?: Datatype): Condition {
  switch (f.form) {
    case "above": return { above: limitOf(f.high) };
    case "below": return { below: limitOf(f.low) };
    case "outside": return { outside: [limitOf(f.low), limitOf(f.high)] };
    case "levels": return { levels: f.levels.map(({ side, limit, severity }) => ({ [side]: limitOf(limit), severity })) };
    case "silent": return { silent: f.silent.trim() };
    case "equals": {
      const said = valuesOf(f.equals, datatype);
      return { equals: said.length === 1 && said[0] !== undefined ? said[0] : said };
    }
    case "json": return parsedCondition(f.json) ?? {};
  }
}

/** What still keeps the condition from being one, a sentence each. */
export function conditionComplaints(f: ConditionFields, datatype?: Datatype): string[] {
  const asked = "a number, or ll, l, h or hh for a limit of the sensor itself.";
  const numeric = f.form === "above" || f.form === "below" || f.form === "outside" || f.form === "levels";
  const [low, high] = [limitOf(f.low), limitOf(f.high)];
  const said: (string | false)[] = [
    numeric && datatype === "string" && "This sensor says words: choose “says” instead of a limit.",
    (f.form === "below" || f.form === "outside") && !isLimit(f.low) && `Enter the ${f.form === "below" ? "" : "lower "}limit: ${asked}`,
    (f.form === "above" || f.form === "outside") && !isLimit(f.high) && `Enter the ${f.form === "above" ? "" : "upper "}limit: ${asked}`,
    f.form === "outside" && typeof low === "number" && typeof high === "number" && low >= high && "The lower limit must be below the upper one.",
    f.form === "levels" && f.levels.some((level) => !isLimit(level.limit)) && `Enter the limit of each level: ${asked}`,
    f.form === "equals" && valuesOf(f.equals).length === 0 && "Enter what the sensor says, like FAULT, ESTOP.",
    f.form === "silent" && !(durationMs(f.silent) > 0) && "Enter for how long it is silent, like 30s or 10m.",
    f.form === "json" && parsedCondition(f.json) === undefined && "Write the condition as JSON, like { \"above\": 80 }.",
  ];
  return said.filter((sentence) => sentence !== false);
}
