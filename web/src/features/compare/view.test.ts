import { describe, expect, it } from "vitest";
import { MOST_SENSORS, pairOf, readComparison, withSensors, withTime } from "./view";

describe("a comparison out of an address", () => {
  it("has one sensor or many, each once", () => {
    expect(readComparison({ sensor: "b/p/oil" })).toEqual({ sensor: ["b/p/oil"] });
    expect(readComparison({ sensor: ["a", "b", "a", 5, ""], range: "1h" })).toEqual({ sensor: ["a", "b"], range: "1h" });
    expect(readComparison({ sensor: Array.from({ length: 30 }, (_, i) => `s${i}`) }).sensor).toHaveLength(MOST_SENSORS);
  });
  it("knows how its charts lie", () => {
    expect(["", "sensor", true].map((stacked) => readComparison({ stacked }).stacked)).toEqual(["sensor", "sensor", "sensor"]);
    expect([readComparison({ stacked: "unit" }).stacked, readComparison({}).stacked]).toEqual(["unit", undefined]);
  });
  it("drops what makes no sense", () => {
    expect(readComparison({ against: "soon", range: "never", sensor: {}, from: 5 })).toEqual({});
    expect(readComparison({ against: "7d", from: 1, to: 5 })).toEqual({ against: "7d", from: 1, to: 5 });
  });
  it("has a pair of two of its sensors", () => {
    expect(readComparison({ sensor: ["a", "b"], pair: "0-1" }).pair).toBe("0-1");
    expect(readComparison({ sensor: ["a", "b"], pair: "0-2" }).pair).toBe("");
    expect([pairOf("1-0", 2), pairOf("1-1", 2), pairOf("x", 2), pairOf("", 2)]).toEqual([[1, 0], null, null, null]);
  });
});

it("keeps all else when sensors or time change", () => {
  const view = { sensor: ["a", "b"], range: "1h", against: "7d", stacked: "unit" as const, pair: "0-1" };
  expect(withSensors(view, ["b"])).toEqual({ ...view, sensor: ["b"], pair: "" });
  expect(withTime(view, { from: 1, to: 2 })).toEqual({ sensor: ["a", "b"], against: "7d", stacked: "unit", pair: "0-1", from: 1, to: 2 });
});
