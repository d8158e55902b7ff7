import { expect, it } from "vitest";
import { looksOf } from "./looks";

const distinct = (words: string[]): number => new Set([...looksOf(words).values()].map(({ kind, pattern }) => `${kind} ${pattern}`)).size;

it("tells words apart that mean about the same", () => {
  expect(looksOf(["CLEANING", "RUN", "IDLE", "STOP", "FAULT"])).toEqual(new Map([
    ["FAULT", { kind: "fault", pattern: 0 }], ["IDLE", { kind: "waiting", pattern: 0 }], ["RUN", { kind: "running", pattern: 0 }],
    ["STOP", { kind: "stopped", pattern: 0 }], ["CLEANING", { kind: "waiting", pattern: 1 }],
  ]));
  expect(distinct(["IDLE", "STOP"])).toBe(2);
  expect(distinct(["SETUP", "CLEANING", "WAITING", "IDLE", "MAINTENANCE"])).toBe(5);
});

it("shows a switch as something that runs, or rests", () =>
  expect(looksOf(["On", "Off"])).toEqual(new Map([["Off", { kind: "waiting", pattern: 0 }], ["On", { kind: "running", pattern: 0 }]])));

it("does not depend on the order, and takes a word that is none for no meaning", () => {
  expect(looksOf(["STOP", "IDLE"])).toEqual(looksOf(["IDLE", "STOP", "STOP"]));
  expect(looksOf(["Recipe 7"]).get("Recipe 7")).toEqual({ kind: "unknown", pattern: 1 });
});

it("never takes one of many words of no known meaning for plain", () => {
  const looks = looksOf(Array.from({ length: 9 }, (_, i) => `Recipe ${i}`));
  expect([...looks.values()].map(({ pattern }) => pattern)).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1]);
});
