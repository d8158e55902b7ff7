import { describe, expect, it } from "vitest";
import { barsOf } from "./bins";

const head = { sensor: "m/t", unit: "Cel", tier: "raw", count: 4, below: 0, above: 0 };

describe("bars of a histogram", () => {
  it("are as high as the sensor lay there long", () => {
    const bars = barsOf({ ...head, edges: [0, 1, 2], counts: [3, 1], seconds: [10, 30] });
    expect(bars.map((b) => [b.from, b.to, b.share, b.height])).toEqual([[0, 1, 0.25, 1 / 3], [1, 2, 0.75, 1]]);
  });
  it("count samples where no time is known, and are flat where there are none", () => {
    expect(barsOf({ ...head, edges: [0, 1, 2], counts: [3, 1], seconds: [0, 0] }).map((b) => b.share)).toEqual([0.75, 0.25]);
    expect(barsOf({ ...head, edges: [0, 1], counts: [0], seconds: [0] })).toEqual([{ from: 0, to: 1, seconds: 0, share: 0, height: 0 }]);
  });
});
