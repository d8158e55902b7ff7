import { afterEach, expect, it } from "vitest";
import { wallOf } from "@/shared/format/zone";
import { AS_BROWSER, prefer } from "@/shared/preferences/preferences";
import { axisMarks, marksOf, tickTexts } from "./ticks";

afterEach(() => prefer(AS_BROWSER));

const at = (...parts: [number, number, number, number?, number?, number?]): number => {
  const [year, month, ...rest] = parts;
  return new Date(year, month - 1, ...rest).getTime();
};
const NOW = at(2026, 11, 26, 12);

it("names the year of each month: a year has the same months at both ends", () => {
  const texts = tickTexts([at(2025, 12, 1), at(2026, 1, 1), at(2026, 2, 1)], NOW);
  expect(texts.map((text) => text.match(/\d{4}/)?.[0])).toEqual(["2025", "2026", "2026"]);
  expect(new Set(texts).size).toBe(3);
});

it("names the year of a day where it is another than the one before, and than this one", () => {
  const years = (...days: number[]): boolean[] => tickTexts(days, NOW).map((text) => /\d{4}/.test(text));
  expect(years(at(2025, 12, 30), at(2025, 12, 31), at(2026, 1, 1), at(2026, 1, 2))).toEqual([true, false, true, false]);
  expect(years(at(2026, 11, 24), at(2026, 11, 25))).toEqual([false, false]);
});

it("names the day of a time where it is another than the one before, and than today", () => {
  const dated = (...times: number[]): boolean[] => tickTexts(times, NOW).map((text) => text.length > 5);
  expect(dated(at(2026, 11, 25, 20), at(2026, 11, 25, 22), at(2026, 11, 26, 0), at(2026, 11, 26, 2))).toEqual([true, false, true, false]);
  expect(dated(at(2026, 11, 26, 8), at(2026, 11, 26, 9))).toEqual([false, false]);
});

it("shows seconds where minutes are no longer apart, and years where nothing else matters", () => {
  expect(tickTexts([at(2026, 11, 26, 8, 0, 0), at(2026, 11, 26, 8, 0, 30)], NOW)[1]).toMatch(/^08.00.30$/);
  expect(tickTexts([at(2024, 1, 1), at(2025, 1, 1)], NOW)).toEqual(["2024", "2025"]);
});

it("shows a mark that stands alone without seconds it does not have", () => {
  expect(tickTexts([at(2026, 11, 26)], NOW)).toEqual([expect.stringMatching(/^00.00$/)]);
  expect(tickTexts([at(2026, 11, 26, 8, 0, 30)], NOW)).toEqual([expect.stringMatching(/^08.00.30$/)]);
});

it("says nothing of no marks", () => expect(tickTexts([], NOW)).toEqual([]));

it("marks round times of the clock, days and months of the calendar", () => {
  expect(marksOf(at(2026, 11, 26, 8, 3), at(2026, 11, 26, 9, 3), 7)).toEqual([10, 20, 30, 40, 50, 60].map((minute) => at(2026, 11, 26, 8, minute)));
  expect(marksOf(at(2026, 11, 20, 8), at(2026, 11, 24, 8), 7)).toEqual([21, 22, 23, 24].map((day) => at(2026, 11, day)));
  expect(marksOf(at(2025, 11, 26), at(2026, 11, 26), 7)).toEqual([1, 3, 5, 7, 9, 11].map((month) => at(2026, month, 1)));
  expect(marksOf(at(2020, 5, 1), at(2026, 11, 26), 7)).toEqual([2021, 2022, 2023, 2024, 2025, 2026].map((year) => at(year, 1, 1)));
});

it("marks the same hours of each day in the zone of who looks, also where clocks are set in between", () => {
  prefer({ zone: "Europe/Berlin" });
  const wall = (ts: number): number => new Date(wallOf(ts, "Europe/Berlin")).getUTCHours();
  for (const [month, day, hours] of [[3, 31, 23], [10, 27, 25]] as const) {
    const midnight = Date.UTC(2024, month - 1, day) - (month === 3 ? 1 : 2) * 3_600_000;
    const next = midnight + hours * 3_600_000;
    expect([wall(midnight), wall(next)]).toEqual([0, 0]);
    expect(marksOf(midnight - 11 * 3_600_000, next + 13 * 3_600_000, 5).map(wall)).toEqual([0, 12, 0, 12]);
    expect(marksOf(midnight, next, 30).map(wall)).toEqual([...Array(24).keys(), 0].filter((hour) => hours > 23 || hour !== 2));
  }
});

it("calls midnight the first hour of its day, wherever one lives", () => {
  const [text] = tickTexts([at(2026, 11, 25, 0), at(2026, 11, 25, 6)], NOW);
  expect(text).toMatch(/00:00$/);
});

const MINUTE = 60_000;
const PHONE = 124; // CSS pixels of a chart between its value axis and its right end
it.each([["5m", 5], ["15m", 15], ["1h", 60], ["8h", 480]])("has two marks at least of %s of today on a phone, each with room for its text", (_, minutes) => {
  for (let to = at(2026, 11, 26, 10); to < at(2026, 11, 26, 12); to += 7_000) {
    const [from, now] = [to - minutes * MINUTE, to];
    const marks = axisMarks(from, to, PHONE, now);
    expect(marks.length).toBeGreaterThanOrEqual(2);
    const apart = marks.slice(1).map((ts, i) => ((ts - (marks[i] ?? 0)) / (to - from)) * PHONE);
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(40);
  }
});

it.each([[24, 1], [7 * 24, 1], [30 * 24, 1], [365 * 24, 1]])("leaves room for dates where a phone shows %d hours", (hours, least) => {
  const to = at(2026, 11, 26, 11);
  const marks = axisMarks(to - hours * 60 * MINUTE, to, PHONE, to);
  expect(marks.length).toBeGreaterThanOrEqual(least);
  expect(marks.length).toBeLessThanOrEqual(3);
});

it("has more marks where a chart is wider, and none where it has no width", () => {
  const to = at(2026, 11, 26, 11);
  expect(axisMarks(to - 60 * MINUTE, to, 1000, to).length).toBe(13);
  expect(axisMarks(to - 60 * MINUTE, to, 10, to)).toEqual([]);
});
