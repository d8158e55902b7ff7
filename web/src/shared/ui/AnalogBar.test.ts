import { expect, it, vi } from "vitest";

vi.mock("./AnalogBar.module.css", () => ({ default: {} }));
const { excessOf, scaleOf } = await import("./AnalogBar");

it("reaches beyond the outer limits, and to the value wherever it is", () => {
  expect(scaleOf({ l: 0, h: 100 }, 50)).toEqual([-12, 112]);
  expect(scaleOf({ l: 0, h: 100 }, 500)?.[1]).toBe(500);
  expect(scaleOf({ h: 100 }, 50)?.[0]).toBe(0);
});

it("is none without limits or without a value", () => expect([scaleOf({}, 5), scaleOf({ h: 1 }, Number.NaN)]).toEqual([null, null]));

it("names the outermost limit that is passed", () => {
  const limits = { ll: 0, l: 10, h: 90, hh: 100 };
  expect([-1, 5, 50, 95, 100].map((v) => excessOf(limits, v))).toEqual(["ll", "l", null, "h", "hh"]);
});
