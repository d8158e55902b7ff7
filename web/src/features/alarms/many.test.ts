import { expect, it } from "vitest";
import type { Alarm } from "@/shared/api/types";
import { doAll } from "./many";

const alarms = Array.from({ length: 10 }, (_, i) => ({ id: `a${i}` }) as Alarm);

it("does all, a few at a time, and says which failed and why", async () => {
  const [told, most] = [[] as number[], { now: 0, ever: 0 }];
  const outcome = await doAll(alarms, async ({ id }) => {
    most.ever = Math.max(most.ever, ++most.now);
    await Promise.resolve();
    most.now -= 1;
    if (id === "a3") throw new Error("It is over");
  }, (n) => told.push(n));
  expect(outcome.done.map((a) => a.id)).toEqual(["a0", "a1", "a2", "a4", "a5", "a6", "a7", "a8", "a9"]);
  expect(outcome.failed).toEqual([{ alarm: alarms[3], why: "It is over" }]);
  expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(most.ever).toBeLessThan(5);
});

it("does nothing to none", async () => expect(await doAll([], async () => undefined, () => undefined)).toEqual({ done: [], failed: [] }));
