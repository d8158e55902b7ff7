import { expect, it } from "vitest";
import { digitsAt, digitsOf } from "./digits";

const unsaid = { decimals: 1, limits: { ll: null, l: null, h: null, hh: null } };

it.each([[20, 1], [1, 1], [0.5, 2], [0.02, 3], [0.0004, 5], [1e-12, 6], [0, 1], [Number.NaN, 1]])("values within %d take %d decimals", (spread, digits) => expect(digitsOf(unsaid, spread)).toBe(digits));
it("what somebody chose is kept", () => expect([digitsOf({ decimals: 0 }, 0.02), digitsOf({ decimals: 3 }, 100)]).toEqual([0, 3]));
it("a value on its own goes by the limits, so that its digits do not jump", () => {
  expect([0.0213, 71.3, 0].map((value) => digitsAt(unsaid, value))).toEqual([3, 1, 1]);
  expect([0.0213, 0.9].map((value) => digitsAt({ decimals: 1, limits: { ...unsaid.limits, h: 0.05 } }, value))).toEqual([3, 3]);
});
