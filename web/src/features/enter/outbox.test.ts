import { describe, expect, it } from "vitest";
import { added, countsOf, isFinal, isFull, mended, MOST, nextOf, readOutbox, withRefusal, without, type Waiting } from "./outbox";

const one = (id: string): Waiting => ({ id, asset: "berlin/a/l/press-1", name: "Press 1", ts: 1000, values: { level: 80, clean: true }, note: "" });

describe("what waits", () => {
  it("comes back as it was kept, without what is not ours", () => {
    const kept = [one("a"), { ...one("b"), refused: "no such sensor" }];
    expect(readOutbox(JSON.stringify([...kept, { id: 5 }, null, { ...one("c"), values: { level: null } }, "x"]))).toEqual(kept);
    expect([readOutbox(null), readOutbox("{"), readOutbox("5")]).toEqual([[], [], []]);
  });
  it("goes in order, and past those that were refused", () => {
    let all = ["a", "b", "c"].map(one).reduce(added, [] as Waiting[]);
    expect(nextOf(all)?.id).toBe("a");
    all = withRefusal(all, "a", "why");
    expect([nextOf(all)?.id, countsOf(all)]).toEqual(["b", { waiting: 2, refused: 1 }]);
    all = without(without(all, "b"), "c");
    expect([nextOf(all), countsOf(all)]).toEqual([undefined, { waiting: 0, refused: 1 }]);
  });
  it("is bounded, and says so before it is full of what nobody sends", () => {
    const many = Array.from({ length: MOST }, (_, i) => one(`${i}`));
    expect([isFull(many), isFull(many.slice(1))]).toEqual([true, false]);
  });
});

it("knows a no from a not now", () => {
  expect([400, 403, 404, 413, 422].map(isFinal)).toEqual([true, true, true, true, true]);
  expect([0, 401, 408, 429, 500, 502, 503].some(isFinal)).toBe(false);
});

it("fills the form in again as it was typed", () => {
  const draft = mended({ ...one("a"), values: { level: 80.5, clean: true, state: "RUN" }, note: "dirty" }, ",", "2026-11-26 14:03:22");
  expect(draft).toEqual({ texts: { level: "80,5", clean: "true", state: "RUN" }, sure: [], note: "dirty", at: "2026-11-26 14:03:22" });
});
