import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Gathered } from "./gathered";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("asks once for what many want at the same time, in packs", async () => {
  const load = vi.fn(async (keys: string[]) => new Map(keys.map((key) => [key, key.toUpperCase()])));
  const gathered = new Gathered(2, 30, load);
  const answers = Promise.all(["a", "b", "c", "a"].map((key) => gathered.ask(key)));
  await vi.advanceTimersByTimeAsync(30);
  expect(await answers).toEqual(["A", "B", "C", "A"]);
  expect(load.mock.calls).toEqual([[["a", "b"]], [["c"]]]);
});

it("tells everybody when it fails, and begins anew", async () => {
  const load = vi.fn<() => Promise<Map<string, string>>>(() => Promise.reject(new Error("away")));
  const gathered = new Gathered(20, 30, load);
  const failed = Promise.allSettled([gathered.ask("a"), gathered.ask("b")]);
  await vi.advanceTimersByTimeAsync(30);
  expect((await failed).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  load.mockResolvedValue(new Map([["a", "A"]]));
  const again = gathered.ask("a");
  await vi.advanceTimersByTimeAsync(30);
  expect(await again).toBe("A");
});
