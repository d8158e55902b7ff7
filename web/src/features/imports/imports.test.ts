import { expect, test } from "vitest";
import { asked, foundText, nameIn, isOver, remarks, spanOf, type Import, type Manner, type Report } from "./imports";

const REPORT: Report = {
  format: "csv", layout: "wide", refused_cut: false,
  sensors: [
    { sensor: "p/a", samples: 3, first: "2021-03-01T00:00:00.000Z", last: "2021-03-02T00:00:00.000Z", duplicates: 0 },
    { sensor: "p/b", samples: 1, first: "2020-03-01T00:00:00.000Z", last: "2020-03-01T00:00:00.000Z", duplicates: 0 },
  ],
  problems: [], unknown: [], duplicates: 0, in_order: true, notes: [],
};
const ONE = { id: "1", state: "done", detail: "", size: 9, bytes: 9, rows: 4, samples: 4, refused: {}, eta_seconds: null, report: REPORT } as Import;

test("what a file holds, in a sentence", () => {
  expect(foundText(ONE)).toBe("4 samples of 2 sensors can be used.");
  expect(foundText({ ...ONE, samples: 1, refused: { "bad-time": 2, "bad-value": 1 } })).toBe("1 sample of 2 sensors can be used; 3 cells cannot.");
});

test("the span is that of all sensors, and none of none", () => {
  expect(spanOf(REPORT)).toEqual({ from: Date.parse("2020-03-01"), to: Date.parse("2021-03-02") });
  expect(spanOf({ ...REPORT, sensors: [] })).toBeNull();
});

test("what is worth knowing before it is imported", () => {
  expect(remarks(REPORT)).toEqual([]);
  expect(remarks({ ...REPORT, notes: ["Times are UTC"], duplicates: 2, in_order: false, unknown: ["a", "b", "c", "d", "e", "f"] })).toEqual([
    "Times are UTC.",
    "At least 2 samples of a time that came before: the last one counts.",
    "Not in the plant, and left out: a, b, c, d, e and 1 more.",
  ]);
});

test("the file's name is cut, and blanks around what was typed are none", () => {
  expect(asked("p", { name: "x".repeat(300) }, { tz: " Europe/Berlin ", timeFormat: "", decimal: ",", encoding: "" }, true)).toEqual({
    asset: "p", name: "x".repeat(200), tz: "Europe/Berlin", time_format: "", dry_run: true,
  });
});

test("what text alone can have is asked of text alone", () => {
  const manner: Manner = { tz: "UTC", timeFormat: "", decimal: ",", encoding: "latin-1" };
  expect(asked("p", { name: "OLD.CSV" }, manner, false)).toMatchObject({ decimal: ",", encoding: "latin-1" });
  expect(asked("p", { name: "old.xlsx" }, manner, false)).not.toHaveProperty("decimal");
});

test("a sensor of another machine is seen to be one", () => {
  expect(["p/m1/temp", "p/m10/temp", "p/m2/temp"].map((sensor) => nameIn("p/m1", sensor))).toEqual(["temp", "p/m10/temp", "p/m2/temp"]);
});

test("waiting and running are not over", () => {
  expect((["waiting", "running", "done", "failed", "cancelled"] as const).map((state) => isOver({ ...ONE, state }))).toEqual([false, false, true, true, true]);
});
