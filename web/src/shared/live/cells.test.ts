import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Cells, qualityNow, staleAfter, type Sample } from "./cells";

const sample = (ts: number, value: Sample[2] = 1, sensor = "m/t"): Sample => [sensor, ts, value, "good"];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the newest value of a sensor", () => {
  it("is the newest by event time, however late others arrive", () => {
    const cells = new Cells();
    cells.put(sample(2000, 20));
    cells.put(sample(1000, 10));
    expect(cells.get("m/t")).toMatchObject({ ts: 2000, value: 20 });
  });
  it("may be corrected at the same instant", () => {
    const cells = new Cells();
    cells.put(sample(1000, 10));
    cells.put(sample(1000, 11));
    expect(cells.get("m/t")).toMatchObject({ value: 11, interval: 0 });
  });
  it("is forgotten with the one who saw it", () => {
    const cells = new Cells();
    cells.put(sample(1000));
    cells.clear();
    expect(cells.get("m/t")).toBeUndefined();
  });
});

describe("who reads a sensor", () => {
  it("wakes for this sensor alone, once per flush however fast samples arrive", () => {
    const cells = new Cells(250);
    const mine = vi.fn();
    const other = vi.fn();
    cells.subscribe("m/t", mine);
    cells.subscribe("m/p", other);
    for (let i = 0; i < 50; i += 1) cells.put(sample(i));
    vi.advanceTimersByTime(250);
    expect(mine).toHaveBeenCalledTimes(1);
    expect(other).not.toHaveBeenCalled();
  });
  it("sleeps after leaving", () => {
    const cells = new Cells(250);
    const wake = vi.fn();
    cells.subscribe("m/t", wake)();
    cells.put(sample(1));
    vi.advanceTimersByTime(1000);
    expect(wake).not.toHaveBeenCalled();
  });
});

describe("quality", () => {
  const every = (ms: number) => {
    const cells = new Cells();
    for (let i = 0; i < 40; i += 1) cells.put(sample(i * ms));
    return cells.get("m/t")!;
  };
  it("turns stale after ten seconds for a fast sensor", () => {
    const cell = every(100);
    expect(qualityNow(cell, cell.ts + 10_000)).toBe("good");
    expect(qualityNow(cell, cell.ts + 10_001)).toBe("stale");
  });
  it("gives a slow sensor five of its usual steps", () => expect(staleAfter(every(60_000))).toBeCloseTo(300_000, 0));
  it("waits a minute while the usual step is unknown", () => expect(staleAfter({ ts: 0, value: 1, quality: "good", interval: 0 })).toBe(60_000));
  it("gives people a quarter more than the pace they were asked for, whenever it is learnt", () => {
    const cells = new Cells();
    cells.put(["m/level", 0, 80, "good"]);
    cells.pace(new Map([["m/level", 8 * 3_600_000]]));
    const stale = () => [10, 10.1].map((hours) => qualityNow(cells.get("m/level")!, cells.get("m/level")!.ts + hours * 3_600_000));
    expect(stale()).toEqual(["good", "stale"]);
    cells.put(["m/level", 60_000, 81, "good"]);
    expect(stale()).toEqual(["good", "stale"]);
  });
  it("stays bad while fresh", () => expect(qualityNow({ ts: 0, value: 1, quality: "bad", interval: 0 }, 1)).toBe("bad"));
});
