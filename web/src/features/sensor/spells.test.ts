import { describe, expect, it } from "vitest";
import { sharesOf, spellsOf } from "./spells";

describe("a state's history", () => {
  it("joins neighbouring equal words, and the last one lasts until now", () =>
    expect(spellsOf([[0, "RUN"], [10, "RUN"], [20, "IDLE"], [30, "RUN"]], 0, 50)).toEqual([
      { from: 0, to: 20, word: "RUN" }, { from: 20, to: 30, word: "IDLE" }, { from: 30, to: 50, word: "RUN" },
    ]));
  it("begins at the edge of the window", () => {
    expect(spellsOf([[-50, "RUN"], [20, "IDLE"]], 0, 30)[0]).toEqual({ from: 0, to: 20, word: "RUN" });
    expect(spellsOf([[-50, "RUN"], [-20, "IDLE"]], 0, 30)).toEqual([{ from: 0, to: 30, word: "IDLE" }]);
  });
  it("is empty without values", () => expect(spellsOf([], 0, 30)).toEqual([]));
});

it("shares add up to one, the longest first", () => {
  const shares = sharesOf(spellsOf([[0, "RUN"], [10, "IDLE"], [30, "RUN"]], 0, 100));
  expect(shares.map(({ word, share }) => [word, share])).toEqual([["RUN", 0.8], ["IDLE", 0.2]]);
  expect(sharesOf([])).toEqual([]);
});
