import { describe, expect, it } from "vitest";
import { ticksOf } from "./rounded";

describe("marks of an axis", () => {
  it("are round numbers within", () => {
    expect(ticksOf(18.3, 61.2, 6)).toEqual({ ticks: [20, 30, 40, 50, 60], decimals: 0 });
    expect(ticksOf(-0.07, 0.13, 5)).toEqual({ ticks: [-0.05, 0, 0.05, 0.1], decimals: 2 });
  });
  it("are none where there is no range", () => {
    expect(ticksOf(5, 5, 6).ticks).toEqual([]);
    expect(ticksOf(0, Infinity, 6).ticks).toEqual([]);
  });
});
