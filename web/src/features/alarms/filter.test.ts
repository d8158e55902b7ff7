import { describe, expect, it } from "vitest";
import type { Alarm } from "@/shared/api/types";
import { passes, readFilter } from "./filter";

const alarm = { state: "returned", severity: "high", sensor: "berlin/painting/line-1/robot-3/temperature" } as Alarm;

describe("the filter in the address", () => {
  it("is read back as it was written", () => {
    const filter = { tab: "history", severity: "high", state: "returned", under: "berlin/painting" };
    expect(readFilter(filter)).toEqual(filter);
  });
  it("drops what makes no sense instead of hiding alarms", () => expect(readFilter({ tab: "x", severity: "HIGH", state: "gone", under: 5 })).toEqual({}));
  it("is empty when a choice is taken back", () => expect(readFilter({ severity: "", state: "", under: "" })).toEqual({}));
});

describe("an alarm", () => {
  it.each([[{}, true], [{ state: "returned" }, true], [{ state: "acknowledged" }, false], [{ severity: "high", under: "berlin" }, true], [{ severity: "low" }, false], [{ under: "berlin/paint" }, false], [{ under: "berlin/painting/line-1/robot-3/temperature" }, true]] as const)(
    "against %o: %s", (filter, seen) => expect(passes(filter, alarm)).toBe(seen));
});
