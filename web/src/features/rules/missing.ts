/** What still keeps a condition from being one, a sentence each. Pure. */

import type { Datatype } from "@/shared/api/types";
import { durationMs } from "@/shared/format/time";
import { DERIVED, parsedCondition, valuesOf, type ConditionFields } from "./conditions";
import { conditionTexts } from "./conditionTexts";
import { isLimit, limitOf, numberOf, type Side } from "./limits";

const COMPARES = /[<>=!]|\b(and|or|not|true|false)\b/;
/** Whether a formula can be true or false: it compares something, and so needs no limit. */
export const isTruth = (expression: string): boolean => COMPARES.test(expression.replace(/'[^']*'|"[^"]*"/g, ""));

const isLength = (text: string): boolean => durationMs(text) > 0;

type Said = string | false;

function band(f: ConditionFields, side: Side, named: boolean): Said[] {
  const { limit, lower, upper, number, ownOrNumber, lowerFirst } = conditionTexts().missing;
  const fits = (text: string): boolean => (named ? isLimit(text) : !Number.isNaN(numberOf(text)));
  const asked = named ? ownOrNumber : number;
  const [low, high] = [limitOf(f.low), limitOf(f.high)];
  return [
    side !== "above" && !fits(f.low) && `${side === "below" ? limit : lower} ${asked}`,
    side !== "below" && !fits(f.high) && `${side === "above" ? limit : upper} ${asked}`,
    side === "outside" && typeof low === "number" && typeof high === "number" && low >= high && lowerFirst,
  ];
}

function source(f: ConditionFields, datatype?: Datatype): Said[] {
  const say = conditionTexts().missing;
  const { form } = f;
  const isNumber = ["above", "below", "outside", "levels", "deviation", "rate", "score"].includes(form);
  const written = form === "json" ? parsedCondition(f.json) : undefined;
  const isBare = written?.expression !== undefined && Object.keys(written).length === 1 && !isTruth(written.expression);
  return [
    isNumber && datatype === "string" && say.saysWords,
    form === "levels" && f.levels.some((level) => !isLimit(level.limit)) && say.eachLevel,
    form === "equals" && valuesOf(f.equals).length === 0 && say.words,
    form === "silent" && !isLength(f.silent) && say.silent,
    form === "unchanged" && !isLength(f.unchanged) && say.unchanged,
    form === "quality" && f.qualities.length === 0 && say.quality,
    form === "deviation" && !f.other.trim() && say.other,
    (form === "rate" || form === "score") && !isLength(f.over) && say.over,
    form === "count" && !(Number.isInteger(numberOf(f.count)) && numberOf(f.count) >= 2) && say.count,
    form === "count" && !isLength(f.within) && say.within,
    (form === "formula" || form === "truth") && !f.expression.trim() && say.expression,
    form === "truth" && f.expression.trim() !== "" && !isTruth(f.expression) && say.noLimit,
    form === "json" && written === undefined && say.json,
    isBare && say.noLimit,
  ];
}

export function conditionComplaints(f: ConditionFields, datatype?: Datatype): string[] {
  const { form } = f;
  const compared = form === "above" || form === "below" || form === "outside" ? form : DERIVED.includes(form) ? f.side : undefined;
  // A rate is in another unit than the sensor's limits; only what is the value itself goes by their names.
  const named = form === compared || form === "count";
  return [...source(f, datatype), ...(compared ? band(f, compared, named) : [])].filter((sentence) => sentence !== false);
}
