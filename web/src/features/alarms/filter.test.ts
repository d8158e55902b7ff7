import { describe, expect, it } from "vitest";
import type { Alarm } from "@/shared/api/types";
import { passes, queryOf, readFilter, sliceOf } from "./filter";

const alarm = { state: "returned", severity: "high", sensor: "berlin/painting/line-1/robot-3/temperature", assigned_to: "maria" } as Alarm;

describe("the filter in the address", () => {
  it("is read back as it was written", () => {
    const filter = { tab: "history", severity: "high", state: "returned", under: "berlin/painting", mine: true, alarm: "a1" };
    expect(readFilter(filter)).toEqual(filter);
  });
  it("drops what makes no sense instead of hiding alarms", () => expect(readFilter({ tab: "x", severity: "HIGH", state: "gone", under: 5, mine: "no" })).toEqual({}));
  it("is empty when a choice is taken back", () => expect(readFilter({ severity: "", state: "", under: "", mine: false, alarm: undefined })).toEqual({}));
  it("knows an alarm whose id looks like a number", () => expect(readFilter({ alarm: 12345678 })).toEqual({ alarm: "12345678" }));
});

describe("an alarm", () => {
  it.each([[{}, true], [{ state: "returned" }, true], [{ state: "acknowledged" }, false], [{ severity: "high", under: "berlin" }, true], [{ severity: "low" }, false], [{ under: "berlin/paint" }, false], [{ under: "berlin/painting/line-1/robot-3/temperature" }, true], [{ mine: true }, true]] as const)(
    "against %o: %s", (filter, seen) => expect(passes(filter, alarm, "maria")).toBe(seen));
  it("of somebody else is not mine", () => expect(passes({ mine: true }, alarm, "jan")).toBe(false));
});

it("asks alerting for what is not in the list of open alarms", () => {
  expect(queryOf({ tab: "history", severity: "low", mine: true }, "jan")).toEqual({ state: "normal", severity: "low", under: undefined, assigned_to: "jan" });
  expect(queryOf({ tab: "out-of-service", under: "berlin" }, "jan")).toMatchObject({ state: "out-of-service", under: "berlin", assigned_to: undefined });
});

describe("a long list", () => {
  const items = [...Array(250).keys()];
  it("is shown page by page", () => expect(sliceOf(items, 2, 100)).toEqual({ items: items.slice(200), page: 2, pages: 3 }));
  it("stays on a page that is there while it shrinks", () => expect(sliceOf(items.slice(0, 90), 2, 100)).toMatchObject({ page: 0, pages: 1 }));
  it("has one page when it is empty", () => expect(sliceOf([], 0, 100)).toEqual({ items: [], page: 0, pages: 1 }));
});
