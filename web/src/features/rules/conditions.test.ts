import { describe, expect, it } from "vitest";
import type { Condition } from "@/shared/api/types";
import * as cs from "./conditions";

const FORMS: [cs.Form, Condition][] = [
  ["above", { above: 80 }], ["below", { below: "l" }], ["outside", { outside: [5, 80] }],
  ["levels", { levels: [{ above: "hh", severity: "critical" }, { above: 80, severity: "low" }, { below: "l", severity: "low" }] }],
  ["equals", { equals: "FAULT" }], ["equals", { equals: ["FAULT", 3, true] }], ["silent", { silent: "30s" }],
  ["json", { levels: [{ above: 95, name: "danger" }, { above: 80 }] }], ["json", { outside: [1, 2], deviation_from: "setpoint" }],
  ...cs.PATTERNS.map(({ sample }): [cs.Form, Condition] => ["json", sample]),
];

describe("a condition in the form", () => {
  it.each(FORMS)("as %s comes out as it went in: %j", (form, condition) => {
    const fields = cs.fieldsOfCondition(condition, "medium");
    expect(fields.form).toBe(form);
    expect(cs.conditionOf(fields)).toEqual(condition);
    expect(cs.conditionComplaints(fields)).toEqual([]);
  });
  it.each([
    [{ form: "above", high: "hot" }, "limit"], [{ form: "outside", low: "8", high: "5" }, "below the upper"], [{ form: "silent", silent: "soon" }, "30s"],
    [{ form: "equals", equals: " , " }, "FAULT"], [{ form: "json", json: "{" }, "JSON"], [{ form: "json", json: "[1]" }, "JSON"],
    [{ form: "levels", levels: [{ side: "above", limit: "", severity: "low" }] }, "each level"],
  ] as const)("says what is missing: %j", (more, word) => expect(cs.conditionComplaints({ ...cs.BLANK_CONDITION, ...more, levels: "levels" in more ? [...more.levels] : [] }).join(" ")).toContain(word));
  it("does not compare words", () => expect(cs.conditionComplaints({ ...cs.BLANK_CONDITION, high: "80" }, "string").join(" ")).toContain("words"));
});

it("takes a decimal comma", () => expect([cs.numberOf("4,5"), cs.numberOf(" 80 "), cs.numberOf("")]).toEqual([4.5, 80, Number.NaN]));
it("takes the sensor's own limits by name", () => expect([cs.limitOf("HH"), cs.limitOf("80"), cs.limitOf("x")]).toEqual(["hh", 80, Number.NaN]));
it("keeps digits as words where the sensor says words", () => expect(cs.valuesOf("1, FAULT", "string")).toEqual(["1", "FAULT"]));
it("knows which pattern a condition follows", () => {
  for (const pattern of cs.PATTERNS) expect(cs.patternOf(pattern.sample)?.name).toBe(pattern.name);
  expect(cs.patternOf({ above: 1 })).toBeUndefined();
});
