import { describe, expect, it } from "vitest";
import type { Kpi, Offender } from "@/shared/api/types";
import * as figures from "./figures";

describe("figures", () => {
  it("keep whole numbers whole", () => expect([{ value: 12, unit: "" }, { value: 12.345, unit: "%" }, { value: null, unit: "%" }].map(figures.figureText)).toEqual(["12", "12.3\u00a0%", "–"]));
  it("are counted by their rating", () => {
    const kpis = (["good", "good", "poor", null] as const).map((rating) => ({ rating }) as Kpi);
    expect(figures.ratings(kpis)).toEqual({ good: 2, fair: 0, poor: 1 });
  });
  it("are asked for as the address says", () => {
    expect(figures.readKpis({ range: "-30d", under: "berlin", nature: "chatter" })).toEqual({ range: "-30d", under: "berlin", nature: "chatter" });
    expect(figures.readKpis({ range: "forever", under: "", nature: "odd" })).toEqual({});
  });
});

it("offenders are told apart by what makes them a nuisance", () => {
  const offender = { chatter: 3, fleeting: 0, stale_seconds: 90_000, unanswered: 0 } as Offender;
  expect([undefined, ...figures.NATURES].filter((nature) => figures.isOf(nature, offender))).toEqual([undefined, "chatter", "stale"]);
});

it("a bar of an hour may have six annunciations, one of a day 144", () => expect([3_600_000, 86_400_000, 600_000].map(figures.targetOf)).toEqual([6, 144, 1]));

describe("bars", () => {
  const { bars, most } = figures.barsOf([[1000, 3, 0, 2, 1], [2000, 0, 0, 0, 0]]);
  it("are stacked, the least severe at the bottom, without empty parts", () =>
    expect(bars[0]?.parts).toEqual([{ severity: "low", from: 0, count: 3 }, { severity: "high", from: 3, count: 2 }, { severity: "critical", from: 5, count: 1 }]));
  it("are as high as all together", () => expect([bars.map((b) => b.total), most]).toEqual([[6, 0], 6]));
  it("have a scale even when nothing happened", () => expect(figures.barsOf([]).most).toBe(1));
  it("stand below a round number", () => expect([1, 2, 3, 7, 10, 11, 340].map(figures.roofOf)).toEqual([1, 2, 5, 10, 10, 20, 500]));
});
