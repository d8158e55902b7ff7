import { describe, expect, it } from "vitest";
import type { Rule } from "@/shared/api/types";
import * as words from "./words";

const rule: Rule = {
  id: "r", name: "Air off", scope: { sensor: "pressure", type: "compressor", under: "berlin" }, condition: { outside: [5.2, 7.5] },
  deadband: 0.1, on_delay: "5s", off_delay: "10s", severity: "high", channels: ["maintenance"],
};
const { id: _id, ...draft } = rule;

describe("a rule in the form", () => {
  it("comes out as it went in", () => {
    expect(words.draftOf(words.fieldsOf(rule))).toEqual(draft);
    const one: Rule = { ...rule, scope: { sensor: "berlin/p/1/r/t" }, condition: { below: 0 } };
    expect(words.draftOf(words.fieldsOf(one))).toMatchObject({ scope: { sensor: "berlin/p/1/r/t" }, condition: { below: 0 } });
  });
  it("lacks nothing when it is a rule already", () => expect(words.complaints(words.fieldsOf(rule))).toEqual([]));
  it.each([
    [{ name: " " }, "name"], [{ key: "" }, "sensor"], [{ type: "", under: "" }, "machine type"], [{ high: "hot" }, "upper limit"], [{ low: "" }, "lower limit"],
    [{ low: "8" }, "below the upper"], [{ deadband: "-1" }, "deadband"], [{ deadband: "1.15" }, "deadband"], [{ onDelay: "soon" }, "delays"],
  ])("says what is missing: %o", (more, word) => expect(words.complaints({ ...words.fieldsOf(rule), ...more }).join(" ")).toContain(word));
  it("says all that is missing at once", () => expect(words.complaints(words.BLANK)).toEqual(["Give the rule a name.", "Choose the sensor to watch.", "Enter the limit as a number."]));
});

it("takes a decimal comma", () => expect([words.numberOf("4,5"), words.numberOf(" 80 "), words.numberOf("")]).toEqual([4.5, 80, Number.NaN]));
