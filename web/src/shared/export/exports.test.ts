import { expect, test } from "vitest";
import { progressText, wish, type Choice, type Export } from "./exports";

const STRETCH = { from: 1_000.4, to: 2_000.4 };

test("every value of one sensor, in whole milliseconds that hold the stretch", () => {
  const choice: Choice = { format: "csv", bucket: "", agg: "mean", quality: false };
  expect(wish({ sensor: "p1/temperature" }, STRETCH, choice, "Europe/Berlin")).toEqual({
    sensor: ["p1/temperature"], from: "1000", to: "2001", format: "csv", layout: "wide", tz: "Europe/Berlin",
  });
});

test("one value a day of a whole machine, with quality", () => {
  const choice: Choice = { format: "xlsx", bucket: "day", agg: "max", quality: true };
  expect(wish({ under: "berlin/body/line-1/press-1" }, STRETCH, choice, "UTC")).toEqual({
    under: "berlin/body/line-1/press-1", from: "1000", to: "2001", format: "xlsx", layout: "long", tz: "UTC", bucket: "day", agg: "max",
  });
});

test("says what is going on, also while a workbook has no size yet", () => {
  const one = { id: "1", state: "running", detail: "", name: "a.xlsx", rows: 210_966, bytes: 0, percent: 16.4, eta: 20 } as Export;
  const plain = (more: Partial<Export>): string => progressText({ ...one, ...more }).replace(/210.966/, "210966");
  expect(plain({})).toBe("16 % · 210966 values read · about 20 s to go");
  expect(plain({ bytes: 2000, eta: null })).toMatch(/^16 % · 210966 values read, 2.0 kB written$/);
  expect(plain({ percent: 100, eta: 0 })).toBe("All 210966 values are read; the file is being put together.");
});
