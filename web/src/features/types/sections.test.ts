import { expect, it } from "vitest";
import { plainOf } from "@/shared/model/sensors";
import { canShow, fitting, isSectionWhole, moved, sectionChanges, type Section } from "./sections";

const SENSORS = [plainOf({ key: "oil" }), plainOf({ key: "state", datatype: "string" })];
const HEAT: Section = { title: "Heat", show: "bars", sensors: ["oil"] };
const WORK: Section = { title: "Work", show: "states", sensors: ["state"] };

it("shows what can be shown so", () => expect((["tiles", "bars", "states", "trend"] as const).map((show) => SENSORS.map((s) => canShow(show, s)))).toEqual([[true, true], [true, false], [false, true], [true, false]]));

it("leaves out what is gone or of another kind, and the section stays to be mended", () => {
  const left = fitting([{ ...HEAT, sensors: ["oil", "gone", "state"] }, { ...WORK, sensors: ["gone"] }], SENSORS);
  expect(left.map((s) => s.sensors)).toEqual([["oil"], []]);
  expect(left.map(isSectionWhole)).toEqual([true, false]);
});

it("moves one place up and down, and not beyond the ends", () => expect([moved([1, 2, 3], 1, -1), moved([1, 2, 3], 1, 1), moved([1, 2], 0, -1)]).toEqual([[2, 1, 3], [1, 3, 2], [1, 2]]));

it("tells what saving changes", () => {
  const words = { section: "Section", order: "Order", shows: { bars: "Bars", states: "States", tiles: "Tiles", trend: "Trend" } };
  expect(sectionChanges([HEAT, WORK], [WORK, { ...HEAT, show: "trend" }], words)).toEqual([
    { look: "other", what: "Section Heat", before: "Bars: oil", after: "Trend: oil" }, { look: "other", what: "Order", before: "Heat, Work", after: "Work, Heat" },
  ]);
  expect(sectionChanges([HEAT], [{ ...HEAT, title: "Hot" }], words)).toEqual([{ look: "new", what: "Section Hot" }, { look: "gone", what: "Section Heat" }]);
});
