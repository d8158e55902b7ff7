import { describe, expect, it } from "vitest";
import { asNumber, Trend } from "./trend";

const raw = (points: [number, number][]) => ({ points, resolution: "raw" });
const every = (step: number, count: number, from = 0): [number, number][] => Array.from({ length: count }, (_, i) => [from + i * step, i]);
const loaded = (points: [number, number][]): Trend => {
  const trend = new Trend();
  trend.load(raw(points));
  return trend;
};
const breaks = (trend: Trend): number => trend.columns()[3].filter((v) => v === null).length;

describe("history and live values as one line", () => {
  it("has no seam: what arrived while history was loading is neither lost nor doubled", () => {
    const trend = new Trend();
    trend.load(raw(every(1000, 10)), [[8000, 8], [9000, 9], [10_000, 10], [11_000, 11]]);
    expect(trend.columns()[0]).toEqual(every(1000, 12).map(([ts]) => ts));
    expect(breaks(trend)).toBe(0);
  });
  it("puts a late sample into its place", () => {
    const trend = loaded([[1000, 1], [3000, 3]]);
    trend.append(2000, 2);
    expect(trend.columns()[3]).toEqual([1, 2, 3]);
  });
  it("takes a corrected value for the same instant", () => {
    const trend = loaded([[1000, 1]]);
    trend.append(1000, 5);
    expect([trend.columns()[0], trend.columns()[3]]).toEqual([[1000], [5]]);
  });
  it("leaves out what is no number", () => {
    const trend = loaded([]);
    trend.append(1000, 1);
    trend.append(1500, true);
    trend.append(2000, "RUN");
    trend.append(3000, Number.NaN);
    expect(trend.columns()[3]).toEqual([1]);
    expect([asNumber(0), asNumber(false), asNumber(null), asNumber("x"), asNumber(Infinity)]).toEqual([0, null, null, null, null]);
  });
});

describe("means with their envelope", () => {
  const bucketed = (): Trend => {
    const trend = new Trend();
    trend.load({ points: [[0, 5], [60_000, 6]], envelope: [[0, 1, 9], [60_000, 4, 8]], resolution: "1m" });
    return trend;
  };
  it("lets a live sample widen the newest bucket instead of standing beside it", () => {
    const trend = bucketed();
    trend.append(61_000, 10);
    trend.append(119_999, 2);
    const [ts, low, high, mean] = trend.columns();
    expect([ts, low, high]).toEqual([[0, 60_000], [1, 2], [9, 10]]);
    expect(mean[1]).toBeCloseTo(6);
  });
  it("opens the next bucket where the service would", () => {
    const trend = bucketed();
    trend.append(123_456, 7);
    expect(trend.columns()[0]).toEqual([0, 60_000, 120_000]);
  });
});

describe("a crowd of values", () => {
  it("is drawn as means with their extent", () => {
    const trend = loaded(every(1000, 600));
    expect(trend.gather(60_000)).toBe(true);
    const [ts, low, high, mean] = trend.columns();
    expect([ts.length, low[0], high[0], mean[0], trend.width]).toEqual([10, 0, 59, 29.5, 60_000]);
  });
  it("goes on as means when live values follow", () => {
    const trend = loaded(every(1000, 600));
    trend.gather(60_000);
    trend.append(599_500, 1000);
    expect([trend.columns()[0].length, trend.columns()[2].at(-1), trend.gather(60_000)]).toEqual([10, 1000, false]);
  });
  it("is none where there is room for every value, or are few of them", () =>
    expect([loaded(every(1000, 600)).gather(1000), loaded(every(1000, 60)).gather(60_000), loaded(every(1000, 600)).gather(0)]).toEqual([false, false, false]));
});

describe("a gap", () => {
  it("breaks the line where values are missing", () => expect(breaks(loaded([...every(1000, 20), ...every(1000, 20, 60_000)]))).toBe(1));
  it("is none while the sensor is merely slow", () => expect(breaks(loaded(every(60_000, 20)))).toBe(0));
  it("is none where sampling was slower than now", () => expect(breaks(loaded([...every(10_000, 10), ...every(1000, 300, 103_000)]))).toBe(0));
  it("is none where sampling becomes slower", () => expect(breaks(loaded([...every(1000, 300), ...every(30_000, 5, 330_000)]))).toBe(0));
});

it("forgets what left the window, but for the point from which the line enters it", () => {
  const trend = loaded(every(1000, 10));
  trend.trim(5000);
  expect(trend.columns()[0][0]).toBe(4000);
  expect(trend.last()).toEqual({ ts: 9000, value: 9 });
});

it("keeps memory bounded while a page stays open for days", () => {
  const trend = new Trend();
  for (let i = 0; i < 20_500; i += 1) trend.append(i * 1000, i);
  expect(trend.columns()[0]).toHaveLength(20_000);
});
