import { describe, expect, it } from "vitest";
import { AS_BROWSER, prefer } from "@/shared/preferences/preferences";
import type { Alarm } from "@/shared/api/types";
import { narrowings, passes, queryOf, readFilter, widened } from "./filter";

const alarm = {
  state: "returned", severity: "high", sensor: "berlin/painting/line-1/robot-3/temperature", assigned_to: "maria", rule: "r1", rule_name: "Gearbox hot",
  message: "Gearbox temperature is 81.2 °C, above 80 °C", active: true,
} as Alarm;

describe("the filter in the address", () => {
  it("is read back as it was written", () => {
    const filter = { tab: "history", severity: "high", state: "returned", under: "berlin/painting", rule: "r1", text: "oil hot", mine: true, from: "-24h", to: "2026-11-26", alarm: "a1" };
    expect(readFilter(filter)).toEqual(filter);
  });
  it("drops what makes no sense instead of hiding alarms", () =>
    expect(readFilter({ tab: "x", severity: "HIGH", state: "gone", under: 5, mine: "no", rule: {}, from: "yesterday", to: "" })).toEqual({}));
  it("is empty when a choice is taken back", () => expect(readFilter({ severity: "", state: "", under: "", mine: false, alarm: undefined })).toEqual({}));
  it("knows ids and words that look like numbers", () => expect(readFilter({ alarm: 12345678, rule: 42, text: 7 })).toEqual({ alarm: "12345678", rule: "42", text: "7" }));
  it("says how much it narrows, and is widened but for tab and time", () => {
    const filter = readFilter({ tab: "all", from: "-7d", severity: "low", text: "oil", mine: true });
    expect(narrowings(filter)).toBe(3);
    expect(widened(filter)).toEqual({ tab: "all", from: "-7d" });
  });
});

describe("an alarm", () => {
  it.each([
    [{}, true], [{ state: "returned" }, true], [{ state: "acknowledged" }, false], [{ severity: "high", under: "berlin" }, true], [{ severity: "low" }, false],
    [{ under: "berlin/paint" }, false], [{ under: "berlin/painting/line-1/robot-3/temperature" }, true], [{ mine: true }, true], [{ rule: "r1" }, true], [{ rule: "r2" }, false],
    [{ text: "hot ROBOT-3" }, true], [{ text: "hot press" }, false],
  ] as const)("against %o: %s", (filter, seen) => expect(passes(filter, alarm, "maria")).toBe(seen));
  it("of somebody else is not mine", () => expect(passes({ mine: true }, alarm, "jan")).toBe(false));
});

it("asks alerting for what is not in the list of open alarms", () => {
  prefer({ zone: "Europe/Berlin" });
  expect(queryOf({ tab: "history", severity: "low", mine: true, from: "-24h", to: "2026-11-26" }, "jan"))
    .toEqual({ state: "normal", severity: ["low"], assigned_to: "jan", from: "-24h", to: "2026-11-25T23:00:00.000Z" });
  expect(queryOf({ tab: "out-of-service", under: "berlin", from: "-24h" }, "jan")).toEqual({ state: "out-of-service", under: "berlin" });
  prefer(AS_BROWSER);
});
