import { expect, it, vi } from "vitest";

vi.hoisted(() => {
  vi.stubGlobal("localStorage", { getItem: () => null });
  vi.stubGlobal("window", { addEventListener: () => undefined });
});
const { each } = await import("./ack");

it("works through all of them, a few at a time, and tells how many went wrong", async () => {
  let busy = 0;
  let most = 0;
  const done: number[] = [];
  const outcome = await each([...Array(20).keys()], async (n) => {
    most = Math.max(most, ++busy);
    await Promise.resolve();
    busy -= 1;
    if (n % 10 === 3) throw new Error(`no ${n}`);
    done.push(n);
  });
  expect(done).toHaveLength(18);
  expect(outcome).toEqual({ failed: 2, reason: new Error("no 3") });
  expect(most).toBe(4);
});
