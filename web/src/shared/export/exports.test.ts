import { expect, test } from "vitest";
import { sizeText, wish } from "./exports";

const STRETCH = { from: 1_000.4, to: 2_000.4 };

test("every value of one sensor, in whole milliseconds that hold the stretch", () => {
  const choice = { format: "csv", bucket: "", agg: "mean", quality: false };
  expect(wish({ sensor: "p1/temperature" }, STRETCH, choice, "Europe/Berlin")).toEqual({
    sensor: ["p1/temperature"], from: 1000, to: 2001, format: "csv", layout: "wide", tz: "Europe/Berlin",
  });
});

test("one value a day of a whole machine, with quality", () => {
  const choice = { format: "xlsx", bucket: "day", agg: "max", quality: true };
  expect(wish({ under: "berlin/body/line-1/press-1" }, STRETCH, choice, "UTC")).toEqual({
    under: "berlin/body/line-1/press-1", from: 1000, to: 2001, format: "xlsx", layout: "long", tz: "UTC", bucket: "day", agg: "max",
  });
});

test("sizes as people read them", () => {
  expect([0, 999, 1000, 12_345_678, 20e9].map(sizeText)).toEqual(["0 B", "999 B", "1.0 kB", "12.3 MB", "20.0 GB"]);
});
