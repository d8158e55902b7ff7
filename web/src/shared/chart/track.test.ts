import { describe, expect, it } from "vitest";
import { extentOf, figuresOf, nearest, pointAt, rowsOf, stepped } from "./reading";
import { asNumber, MOST_POINTS, Track } from "./track";

const raw = (points: [number, number][]) => ({ points, resolution: "raw" });
const every = (step: number, count: number, from = 0): [number, number][] => Array.from({ length: count }, (_, i) => [from + i * step, i]);
const loaded = (points: [number, number][]): Track => {
  const track = new Track();
  track.load(raw(points));
  return track;
};
const column = (track: Track, name: "ts" | "mean" | "low" | "high"): number[] => [...track[name].subarray(track.start, track.end)];
const breaks = (track: Track): number => {
  let runs = 0;
  track.runs(-Infinity, Infinity, () => { runs += 1; });
  return runs - 1;
};

describe("history and live values as one line", () => {
  it("has no seam: what arrived while history was loading is neither lost nor doubled", () => {
    const track = new Track();
    track.load(raw(every(1000, 10)), [[8000, 8], [9000, 9], [10_000, 10], [11_000, 11]]);
    expect(column(track, "ts")).toEqual(every(1000, 12).map(([ts]) => ts));
    expect(breaks(track)).toBe(0);
  });
  it("puts a late sample into its place", () => {
    const track = loaded([[1000, 1], [3000, 3]]);
    track.append(2000, 2);
    expect(column(track, "mean")).toEqual([1, 2, 3]);
  });
  it("takes a corrected value for the same instant", () => {
    const track = loaded([[1000, 1]]);
    track.append(1000, 5);
    expect([column(track, "ts"), column(track, "mean")]).toEqual([[1000], [5]]);
  });
  it("leaves out what is no number", () => {
    const track = loaded([]);
    track.append(1000, 1);
    track.append(1500, true);
    track.append(2000, "RUN");
    track.append(3000, Number.NaN);
    expect(column(track, "mean")).toEqual([1]);
    expect([asNumber(0), asNumber(false), asNumber(null), asNumber("x"), asNumber(Infinity)]).toEqual([0, null, null, null, null]);
  });
  it("lies an earlier period over this one", () => {
    const track = new Track(7_000);
    track.load(raw([[1000, 1]]));
    expect(column(track, "ts")).toEqual([8000]);
  });
});

describe("means with their envelope", () => {
  const bucketed = (): Track => {
    const track = new Track();
    track.load({ points: [[0, 5], [60_000, 6]], envelope: [[0, 1, 9], [60_000, 4, 8]], resolution: "1m" });
    return track;
  };
  it("lets a live sample widen the newest bucket instead of standing beside it", () => {
    const track = bucketed();
    track.append(61_000, 10);
    track.append(119_999, 2);
    expect([column(track, "ts"), column(track, "low"), column(track, "high")]).toEqual([[0, 60_000], [1, 2], [9, 10]]);
    expect(column(track, "mean")[1]).toBeCloseTo(6);
  });
  it("opens the next bucket where the service would", () => {
    const track = bucketed();
    track.append(123_456, 7);
    expect(column(track, "ts")).toEqual([0, 60_000, 120_000]);
  });
  it("has no envelope where a bucket has none", () => {
    const track = new Track();
    track.load({ points: [[0, 5], [60_000, 6]], envelope: [[60_000, 4, 8]], resolution: "1m" });
    expect([column(track, "low"), column(track, "high")]).toEqual([[5, 4], [5, 8]]);
  });
});

describe("a crowd of values", () => {
  it("is drawn as means with their extent", () => {
    const track = loaded(every(1000, 600));
    expect(track.gather(60_000)).toBe(true);
    expect([track.size, column(track, "low")[0], column(track, "high")[0], column(track, "mean")[0], track.width]).toEqual([10, 0, 59, 29.5, 60_000]);
  });
  it("goes on as means when live values follow", () => {
    const track = loaded(every(1000, 600));
    track.gather(60_000);
    track.append(599_500, 1000);
    expect([track.size, column(track, "high").at(-1), track.gather(60_000)]).toEqual([10, 1000, false]);
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

describe("memory", () => {
  it("forgets what left the window, but for the point from which the line enters it", () => {
    const track = loaded(every(1000, 10));
    track.trim(5000);
    expect(column(track, "ts")[0]).toBe(4000);
  });
  it("is bounded while a page stays open for days", () => {
    const track = new Track();
    for (let i = 0; i < MOST_POINTS * 3; i += 1) track.append(i * 1000, i);
    expect([track.size, column(track, "mean")[0], track.ts.length < 4 * MOST_POINTS]).toEqual([MOST_POINTS, MOST_POINTS * 2, true]);
  });
  it("is used again where old points leave as new ones come", () => {
    const track = new Track();
    for (let i = 0; i < 100_000; i += 1) {
      track.append(i * 100, i);
      track.trim(i * 100 - 60_000);
    }
    expect([track.ts.length, track.size, column(track, "mean").at(-1)]).toEqual([2048, 602, 99_999]);
  });
});

describe("what is read off", () => {
  const track = loaded([...every(1000, 20), ...every(1000, 20, 100_000)]);
  it("is the nearest point, and nothing within a gap", () => {
    expect(pointAt(track, 4400)).toEqual({ ts: 4000, value: 4, low: 4, high: 4 });
    expect([nearest(track, 60_000), pointAt(track, 60_000), pointAt(new Track(), 1)]).toEqual([-1, null, null]);
  });
  it("goes on point by point, and not beyond the window", () => {
    expect(stepped(track, 4400, 1, 0, 10_000)?.ts).toBe(5000);
    expect(stepped(track, 9900, 10, 0, 10_000)?.ts).toBe(10_000);
    expect([stepped(track, null, -1, 0, 10_000)?.ts, stepped(track, null, 1, 2500, 10_000)?.ts]).toEqual([10_000, 3000]);
    expect(stepped(track, null, 1, 50_000, 60_000)).toBeNull();
  });
  it("comes to figures", () => {
    expect(figuresOf(track, 0, 119_000)).toMatchObject({ points: 40, low: 0, high: 19, gaps: 1, last: 19 });
    expect(figuresOf(track, 0, 119_000)?.mean).toBeCloseTo(9.5);
    expect([extentOf(track, 50_000, 60_000), figuresOf(track, 50_000, 60_000)]).toEqual([null, null]);
  });
  it("makes a table that is not endless", () => expect(rowsOf(track, 0, 119_000, 10).map((row) => row.ts)).toEqual([119, 115, 111, 107, 103, 19, 15, 11, 7, 3].map((s) => s * 1000)));
});
