import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Batch } from "./batch";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

it("hands a burst on at once, the newest of each", () => {
  const told = vi.fn<(items: string[]) => void>();
  const batch = new Batch<string>(400, told);
  for (let i = 0; i < 5000; i += 1) batch.put(`alarm ${i % 50}`, `news ${i}`);
  expect(told).not.toHaveBeenCalled();
  vi.advanceTimersByTime(400);
  expect(told).toHaveBeenCalledOnce();
  expect(told.mock.calls[0]?.[0]).toHaveLength(50);
  expect(told.mock.calls[0]?.[0].at(-1)).toBe("news 4999");
});

it("waits for the next news before it tells again", () => {
  const told = vi.fn<(items: string[]) => void>();
  const batch = new Batch<string>(400, told);
  batch.put("a", "1");
  vi.advanceTimersByTime(4000);
  batch.put("a", "2");
  vi.advanceTimersByTime(4000);
  expect(told.mock.calls).toEqual([[["1"]], [["2"]]]);
});
