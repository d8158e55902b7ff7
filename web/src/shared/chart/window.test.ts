import { expect, it } from "vitest";
import { bucketOf, moved, picked, usualRange, viewOf, windowOf, zoomed } from "./window";

const NOW = 10_000_000;

it("moves with the clock, or stands still", () => {
  expect(windowOf({ range: "5m" }, NOW)).toEqual({ live: true, from: NOW - 300_000, to: NOW, span: 300_000 });
  expect(windowOf({}, NOW)).toMatchObject({ live: true, span: 900_000 });
  expect(windowOf({ from: 1000, to: 5000 }, NOW)).toEqual({ live: false, from: 1000, to: 5000, span: 4000 });
});

it("zooms around its middle, and not below a second", () => {
  const window = windowOf({ from: 0, to: 100_000 }, NOW);
  expect(zoomed(window, 0.5)).toEqual({ from: 25_000, to: 75_000 });
  expect(zoomed(window, 0)).toEqual({ from: 49_500, to: 50_500 });
});

it("keeps the instant under the pointer where it is, as a wheel turns", () => {
  expect(zoomed({ from: 0, to: 100_000 }, 0.5, 20_000)).toEqual({ from: 10_000, to: 60_000 });
  expect(zoomed({ from: 10_000, to: 60_000 }, 2, 20_000)).toEqual({ from: 0, to: 100_000 });
});

it("never moves past now", () => {
  expect(moved(windowOf({ from: NOW - 1000, to: NOW - 100 }, NOW), 1, NOW)).toEqual({ from: NOW - 900, to: NOW });
  expect(moved(windowOf({ range: "5m" }, NOW), -1, NOW)).toEqual({ from: NOW - 600_000, to: NOW - 300_000 });
});

it("takes a click for no choice of time", () => {
  expect(picked(1000, 1200)).toBeNull();
  expect(picked(1000.4, 5000.4)).toEqual({ from: 1000, to: 5000 });
});

it.each([[900_000, 1200, 1_000], [86_400_000, 1200, 120_000], [86_400_000, 800, 120_000], [2_592_000_000, 1200, 3_600_000]])("cuts %d ms into %d points with buckets of %d ms", (span, points, width) =>
  expect(bucketOf(span, points)).toBe(width));

it("moves on when it was typed to end now, and else stands", () => {
  const now = Date.parse("2026-11-26T12:00:00Z");
  expect(viewOf("-2w", "now", now)).toEqual({ range: "2w" });
  expect(viewOf("-2w", "-1w", now)).toEqual({ from: now - 14 * 86_400_000, to: now - 7 * 86_400_000 });
  expect(viewOf("2026-11-26T10:00:00Z", "now", now)).toEqual({ from: now - 7_200_000, to: now });
  expect([viewOf("now", "-1h", now), viewOf("then", "now", now), viewOf("-0s", "now", now), viewOf("-99y", "now", now)]).toEqual([null, null, null, null]);
});

it("knows a usual range by whatever words", () => {
  expect([usualRange({ range: "1y" }), usualRange({ range: "1w" }), usualRange({})]).toEqual(["365d", "7d", "15m"]);
  expect([usualRange({ range: "2w" }), usualRange({ from: 1, to: 2 })]).toEqual([undefined, undefined]);
});
