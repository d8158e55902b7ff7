import { describe, expect, it } from "vitest";
import type { Rule } from "@/shared/api/types";
import { BLANK, complaints, draftOf, fieldsOf, moreSet } from "./fields";

const rule: Rule = {
  id: "r", name: "Air off", scope: { sensor: "pressure", type: "compressor", under: "berlin", labels: { shop: "paint" } }, condition: { outside: [5.2, 7.5] },
  deadband: 0.1, on_delay: "5s", off_delay: "10s", minimum: "1m", repeat: 3, severity: "high", channels: ["maintenance"], policy: "night",
  active_when: 'state == "RUN"', active_during: ["early shift"], suppressed_by: { rule: "Power gone", within: "line" }, group: { name: "air", within: "area" },
  latch: true, realarm: "30m", cause: "Leak", consequence: "Robots stop", action: "Look at the gauge", enabled: false, tests: [], watches: 1, system: false,
};
const { id: _id, tests: _tests, watches: _watches, system: _system, ...draft } = rule;
/** As alerting wrote them before these could be set. */
const old = { id: "o", name: "Hot", scope: { sensor: "berlin/p/1/r/t" }, condition: { below: 0 }, deadband: 0, on_delay: "0s", off_delay: "0s", severity: "low", channels: [] as string[] } as Rule;

describe("a rule in the form", () => {
  it("comes out as it went in", () => expect(draftOf(fieldsOf(rule))).toEqual(draft));
  it("of one sensor, too", () => expect(draftOf(fieldsOf(old))).toMatchObject({ scope: { sensor: "berlin/p/1/r/t" }, condition: { below: 0 }, policy: null, active_when: null, enabled: true }));
  it("lacks nothing when it is a rule already", () => expect(complaints(fieldsOf(rule))).toEqual([]));
  it.each([
    [{ name: " " }, "name"], [{ key: "" }, "sensor"], [{ type: "", under: "", labels: {} }, "machine type"], [{ high: "hot" }, "upper limit"], [{ low: "" }, "lower limit"],
    [{ low: "8" }, "below the upper"], [{ deadband: "-1" }, "deadband"], [{ deadband: "1.15" }, "deadband"], [{ onDelay: "soon" }, "delays"], [{ realarm: "soon" }, "delays"],
    [{ repeat: "1.5" }, "in a row"],
  ])("says what is missing: %o", (more, word) => expect(complaints({ ...fieldsOf(rule), ...more }).join(" ")).toContain(word));
  it("says all that is missing at once", () => expect(complaints(BLANK)).toEqual([
    "Give the rule a name.", "Choose the sensor to watch.", "Enter the limit: a number, or ll, l, h or hh for a limit of the sensor itself.",
  ]));
  it("counts what is set below the fold", () => expect([moreSet(BLANK), moreSet(fieldsOf(rule))]).toEqual([0, 8]));
});
