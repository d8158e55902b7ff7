import { describe, expect, it } from "vitest";
import { durationMs, fullTimeText, lengthText, momentText, spanText, timeText, widthText } from "./time";

describe("a length of time", () => {
  it.each([
    [-500, "0 s"], [0, "0 s"], [59_400, "59 s"], [60_000, "1 min 00 s"], [185_000, "3 min 05 s"],
    [7_800_000, "2 h 10 min"], [86_400_000, "1 d 0 h"], [356_400_000, "4 d 3 h"],
  ])("%d ms reads %s", (ms, text) => expect(lengthText(ms)).toBe(text));
  it("is never sixty seconds", () => expect(lengthText(59_700)).toBe("1 min 00 s"));
  it("is never sixty minutes", () => expect(lengthText(3_599_800)).toBe("1 h 00 min"));
});

it.each([[500, "500 ms"], [1500, "1500 ms"], [10_000, "10 s"], [120_000, "2 min"], [21_600_000, "6 h"], [86_400_000, "1 d"]])("a width of %d ms is %s", (ms, text) =>
  expect(widthText(ms)).toBe(text));

it("a length that somebody wrote is told without what is zero", () =>
  expect(["30m", "2h", "7d", "90s", "500ms", "1500ms", "0s", "soon"].map(spanText)).toEqual(["30 min", "2 h", "7 d", "1 min 30 s", "500 ms", "1.5 s", "0 s", "soon"]));

describe("a time of day", () => {
  const noon = new Date(2026, 10, 24, 12, 4, 5).getTime();
  it("has no date today", () => expect(timeText(noon, noon + 60_000)).toMatch(/^12.04.05$/));
  it("has its date at both ends of a stretch that reaches beyond today", () => {
    expect(momentText(noon, noon - 3_600_000, noon, noon)).toBe(timeText(noon, noon));
    expect(momentText(noon, noon - 30 * 86_400_000, noon, noon)).toBe(fullTimeText(noon));
  });
  it("has its date on other days", () => expect(timeText(noon, noon + 86_400_000)).toBe(fullTimeText(noon)));
});

describe("a duration on the wire", () => {
  it.each([["500ms", 500], ["5s", 5_000], ["1.5s", 1_500], ["10m", 600_000], ["8h", 28_800_000], [" 7d ", 604_800_000], ["2w", 1_209_600_000], ["1y", 31_536_000_000], ["1h30m", 5_400_000]])("%s", (text, ms) =>
    expect(durationMs(text)).toBe(ms));
  it.each(["", "5", "s", "5 parsecs", "-5s", "5s 5s", "5s5"])("'%s' is none", (text) => expect(durationMs(text)).toBeNaN());
});
