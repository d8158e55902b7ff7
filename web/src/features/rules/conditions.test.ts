import { describe, expect, it } from "vitest";
import type { Condition } from "@/shared/api/types";
import * as cs from "./conditions";
import { limitOf, numberOf } from "./limits";
import { conditionComplaints, isTruth } from "./missing";

const FORMS: [cs.Form, Condition][] = [
  ["above", { above: 80 }], ["below", { below: "l" }], ["outside", { outside: [5, 80] }],
  ["levels", { levels: [{ above: "hh", severity: "critical" }, { above: 80, severity: "low" }, { below: "l", severity: "low" }] }],
  ["equals", { equals: "FAULT" }], ["equals", { equals: ["FAULT", 3, true] }], ["silent", { silent: "30s" }], ["unchanged", { unchanged: "10m" }], ["quality", { quality: ["bad", "stale"] }],
  ["deviation", { deviation_from: "setpoint", outside: [-5, 5] }], ["deviation", { deviation_from: 20, above: 2.5 }], ["rate", { rate_over: "10m", per: "h", below: -3 }],
  ["score", { score_over: "1h", outside: [-5, 5] }], ["count", { count: 5, within: "10m", of: { above: "h" } }], ["formula", { expression: "temperature - ambient", above: 40 }],
  ["truth", { expression: "temperature > 80 and not speed < 10" }],
  ["json", { levels: [{ above: 95, name: "danger" }, { above: 80 }] }], ["json", { deviation_from: "setpoint", levels: [{ above: 1 }] }], ["json", { equals: ["a, b"] }],
  ["json", { above: 80, something: 1 } as Condition],
];

describe("a condition in the form", () => {
  it.each(FORMS)("as %s comes out as it went in: %j", (form, condition) => {
    const fields = cs.fieldsOfCondition(condition, "medium");
    expect(fields.form).toBe(form);
    expect(cs.conditionOf(fields)).toEqual(condition);
    expect(conditionComplaints(fields)).toEqual([]);
  });
  it("fills in what alerting takes for granted", () => {
    expect(cs.conditionOf(cs.fieldsOfCondition({ rate_over: "10m", above: 3 }, "low"))).toEqual({ rate_over: "10m", per: "min", above: 3 });
    expect(cs.conditionOf(cs.fieldsOfCondition({ quality: "bad" }, "low"))).toEqual({ quality: ["bad"] });
    expect(cs.conditionOf(cs.fieldsOfCondition({ levels: [{ above: 1 }] }, "low"))).toEqual({ levels: [{ above: 1, severity: "low" }] });
  });
  it.each([
    [{ form: "above", high: "hot" }, "limit"], [{ form: "outside", low: "8", high: "5" }, "below the upper"], [{ form: "silent", silent: "soon" }, "30s"],
    [{ form: "equals", equals: " , " }, "FAULT"], [{ form: "json", json: "{" }, "JSON"], [{ form: "json", json: "[1]" }, "JSON"],
    [{ form: "levels", levels: [{ side: "above", limit: "", severity: "low" }] }, "each level"], [{ form: "count", high: "1", count: "1" }, "2 or more"],
    [{ form: "rate", high: "h" }, "a number"], [{ form: "quality", qualities: [] }, "quality"], [{ form: "deviation", high: "1" }, "take off"],
    [{ form: "truth", expression: "temperature - ambient" }, "needs a limit"], [{ form: "json", json: '{"expression": "a + b"}' }, "needs a limit"], [{ form: "formula", expression: "a - b" }, "Enter the limit"],
  ] as const)("says what is missing: %j", (more, word) =>
    expect(conditionComplaints({ ...cs.BLANK_CONDITION, ...structuredClone(more) } as cs.ConditionFields).join(" ")).toContain(word));
  it("does not compare words", () => expect(conditionComplaints({ ...cs.BLANK_CONDITION, high: "80" }, "string").join(" ")).toContain("words"));
});

it.each([["a > 1", true], ["a and b", true], ["not running", true], ["a - b", false], ["android + 'x>y'", false]])("whether %s is true or not: %s", (text, truth) => expect(isTruth(text)).toBe(truth));
it("takes a decimal comma", () => expect([numberOf("4,5"), numberOf(" 80 "), numberOf("")]).toEqual([4.5, 80, Number.NaN]));
it("takes the sensor's own limits by name", () => expect([limitOf("HH"), limitOf("80"), limitOf("x")]).toEqual(["hh", 80, Number.NaN]));
it("keeps digits as words where the sensor says words", () => expect(cs.valuesOf("1, FAULT", "string")).toEqual(["1", "FAULT"]));
