import { expect, it, vi } from "vitest";

vi.mock("./Sparkline.module.css", () => ({ default: {} }));
const { sparkPath } = await import("./Sparkline");

it("lifts the pen over a gap", () => {
  const path = sparkPath([[0, 1], [10, 2], [90, 1], [100, 2]], 0, 100, 20, 160, 30);
  expect(path.match(/M/g)).toHaveLength(2);
});
it("draws a nearly constant value flat", () => {
  const heights = sparkPath([[0, 100], [50, 100.001], [100, 100]], 0, 100, 100, 160, 30).match(/ \d+\.\d/g)?.map(Number) ?? [];
  expect(Math.max(...heights) - Math.min(...heights)).toBeLessThan(0.5);
});
it("draws nothing from a single point", () => expect(sparkPath([[0, 1]], 0, 100, 20, 160, 30)).toBe(""));
it("draws values that span more than a number can say", () => {
  const most = Number.MAX_VALUE;
  expect(sparkPath([[0, -most], [50, 0], [100, most]], 0, 100, 100, 160, 30)).toBe("M0.0 28.0L80.0 15.0L160.0 2.0");
  expect(sparkPath([[0, 1e308], [100, most]], 0, 100, 100, 160, 30)).toBe("M0.0 28.0L160.0 2.0");
});
