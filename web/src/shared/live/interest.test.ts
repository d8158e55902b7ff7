import { expect, it } from "vitest";
import { combine } from "./interest";

const want = (under: string[], maxHz = 1, every = false) => ({ under, maxHz, every });

it("drops what lies below another path, but not what merely begins alike", () => {
  expect(combine([want(["berlin/painting/line-1"]), want(["berlin/painting"]), want(["berlin/painting-2"])]).under).toEqual(["berlin/painting", "berlin/painting-2"]);
});

it("asks for the whole plant once somebody wants all of it", () => expect(combine([want([""]), want(["berlin"])]).under).toEqual([""]));

it("takes the fastest rate, and each sample when one page needs that", () => {
  expect(combine([want(["a"], 2), want(["b"], 5)])).toEqual({ under: ["a", "b"], max_hz: 5, every: false });
  expect(combine([want(["a"]), want(["b"], 1, true)]).every).toBe(true);
});

it("asks for nothing, at a rate the service accepts, when nobody wants anything", () => expect(combine([])).toEqual({ under: [], max_hz: 1, every: false }));
