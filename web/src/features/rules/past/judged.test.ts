import { describe, expect, it } from "vitest";
import type { Condition, RuleDraft } from "@/shared/api/types";
import { isOwn, judged, keyOf, limitsIn } from "./judged";

const OWN = { hh: 95, h: 80, l: 5 };

describe("the limits of a trend", () => {
  it.each<[Condition, object]>([
    [{ above: 80 }, { h: 80 }], [{ below: "l" }, { l: 5 }], [{ outside: [1, "hh"] }, { l: 1, h: 95 }], [{ below: "ll" }, {}],
    [{ levels: [{ above: "hh" }, { above: 70 }, { above: 90 }, { below: 2 }] }, { h: 70, hh: 95, l: 2 }], [{ count: 3, within: "1h", of: { above: 60 } }, { h: 60 }],
    [{ rate_over: "10m", above: 3 }, {}], [{ equals: "FAULT" }, {}], [{ above: Number.NaN }, {}],
  ])("of %j", (condition, limits) => expect(limitsIn(condition, OWN)).toEqual(limits));
  it("are not those of another number", () => expect([isOwn({ above: 1 }), isOwn({ expression: "a - b", above: 1 })]).toEqual([true, false]));
});

it("is the same past whoever is told, and whatever it is called", () => {
  const draft: RuleDraft = { name: "Hot", scope: { sensor: "t", type: "robot" }, condition: { above: 80 }, severity: "low", channels: ["a"] };
  const other: RuleDraft = { ...draft, name: "Very hot", channels: [], cause: "Leak", enabled: false };
  expect(keyOf(judged(draft, "a/b/c/d/t"))).toBe(keyOf(judged(other, "a/b/c/d/t")));
  expect(keyOf(judged(draft, "a/b/c/d/t"))).not.toBe(keyOf(judged({ ...draft, on_delay: "5s" }, "a/b/c/d/t")));
});
