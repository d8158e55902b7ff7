import { expect, it } from "vitest";
import { axisOf, decimalsOf, extent, QUARTERED } from "./scale";

it("looks only at what is within the window", () => {
  expect(extent([0, 1, 2, 3], [[-100, 1, null, 400], [0, 5, null, 0]], 1, 2)).toEqual([1, 5]);
  expect(extent([0, 1], [[null, null]], 0, 1)).toBeNull();
});

it("leaves a margin around the values", () => expect(axisOf([0, 100], {}, true)).toEqual([-8, 108]));
it("takes the limits in when they are wanted", () => {
  expect(axisOf([40, 60], { l: 0, hh: 100, ll: null }, true)).toEqual([-8, 108]);
  const [low, high] = axisOf([40, 60], { l: 0, hh: 100 }, false);
  expect([low > 30, high < 70]).toEqual([true, true]);
});
it("shows the limits while there are no values yet", () => expect(axisOf(null, { l: 0, h: 100 }, false)).toEqual([-8, 108]));
it("never has no height", () => {
  for (const value of [0, 5, -3]) {
    const [low, high] = axisOf([value, value], {}, true);
    expect(high).toBeGreaterThan(low);
  }
  expect(axisOf(null, {}, true)).toEqual([0, 1]);
});

it("has an end where values span more than a number can say", () => {
  const most = Number.MAX_VALUE;
  for (const [low, high] of [[-most, most], [-1.7e308, 1.7e308], [1e308, most], [most, most], [-most, -1e308]] as const) {
    const axis = axisOf([low, high], {}, false);
    expect(axis.every(Number.isFinite)).toBe(true);
    expect(axis[0] <= low && axis[1] >= high && axis[0] < axis[1]).toBe(true);
    expect([axis[0], low, high, axis[1]].map((v) => (QUARTERED.fwd(v) - QUARTERED.fwd(axis[0])) / (QUARTERED.fwd(axis[1]) - QUARTERED.fwd(axis[0]))).every((share) => share >= 0 && share <= 1)).toBe(true);
  }
  expect([0, -12.5, most, 0.1].map((v) => QUARTERED.bwd(QUARTERED.fwd(v)))).toEqual([0, -12.5, most, 0.1]);
});

it.each([[10, 0], [1, 0], [2.5, 1], [0.5, 1], [0.25, 2], [0.1, 1], [0.05, 2], [1e-9, 6], [0, 0]])("writes steps of %d with %d decimals", (step, decimals) =>
  expect(decimalsOf(step)).toBe(decimals));
