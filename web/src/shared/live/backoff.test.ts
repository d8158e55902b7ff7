import { expect, it } from "vitest";
import { backoff } from "./backoff";

it("doubles what it may wait, up to fifteen seconds", () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 1000].map((n) => backoff(n, () => 1) - 250);
  expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
});

it("spreads a fleet over the whole wait, and never returns at once", () => {
  expect(backoff(5, () => 0)).toBe(250);
  expect(backoff(5, () => 0.5)).toBe(7_750);
});
