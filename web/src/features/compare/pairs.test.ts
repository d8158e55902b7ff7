import { expect, it } from "vitest";
import { boundsOf, pairsOf } from "./pairs";

it("pairs what was measured in the same bucket", () => {
  expect(pairsOf({ times: [1, 2, 3], items: [{ values: [1, null, 3] }, { values: [10, 20, "x"] }] })).toEqual([[1, 10]]);
  expect([pairsOf({}), pairsOf({ items: [{ values: [1] }] })]).toEqual([[], []]);
});

it("has an axis with a length, also for values that are all the same", () => {
  expect(boundsOf([0, 100])).toEqual([-5, 105]);
  expect(boundsOf([40, 40])).toEqual([38, 42]);
  expect(boundsOf([0, 0])).toEqual([-1, 1]);
});
