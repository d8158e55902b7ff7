import { describe, expect, it } from "vitest";
import { cellsOf, isCrowded, knownUntil, sharesOf, spellsOf } from "./spells";

describe("a state's history", () => {
  it("joins neighbouring equal words, and the last one lasts until now", () =>
    expect(spellsOf([[0, "RUN"], [10, "RUN"], [20, "IDLE"], [30, "RUN"]], 0, 50)).toEqual([
      { from: 0, to: 20, word: "RUN" }, { from: 20, to: 30, word: "IDLE" }, { from: 30, to: 50, word: "RUN" },
    ]));
  it("begins at the edge of the window", () => {
    expect(spellsOf([[-50, "RUN"], [20, "IDLE"]], 0, 30)[0]).toEqual({ from: 0, to: 20, word: "RUN" });
    expect(spellsOf([[-50, "RUN"], [-20, "IDLE"]], 0, 30)).toEqual([{ from: 0, to: 30, word: "IDLE" }]);
  });
  it("is that of a switch, too", () =>
    expect(spellsOf([[0, true], [20, false]], 0, 30).map(({ word }) => word)).toEqual(["On", "Off"]));
  it("does not go on into the future of a window that reaches there", () => {
    expect(spellsOf([[0, "RUN"]], 0, knownUntil([[0, 40, "RUN"]], 100))).toEqual([{ from: 0, to: 40, word: "RUN" }]);
    expect(knownUntil([[0, 140, "RUN"]], 100)).toBe(100);
    expect(knownUntil([], 100)).toBe(100);
  });
  it("has one spell at a time, even of two changes within a millisecond", () =>
    expect(spellsOf([[0, "RUN"], [5, "IDLE"], [5, "STOP"]], 0, 30)).toEqual([{ from: 0, to: 5, word: "RUN" }, { from: 5, to: 30, word: "STOP" }]));
  it("is empty without values", () => expect(spellsOf([], 0, 30)).toEqual([]));
});

it("shares add up to one, the longest first", () => {
  const shares = sharesOf(spellsOf([[0, "RUN"], [10, "IDLE"], [30, "RUN"]], 0, 100));
  expect(shares.map(({ word, share }) => [word, share])).toEqual([["RUN", 0.8], ["IDLE", 0.2]]);
  expect(sharesOf([])).toEqual([]);
});

describe("spells too narrow to be seen", () => {
  const shifts = spellsOf(Array.from({ length: 300 }, (_, i) => [i * 10, ["RUN", "IDLE", "STOP"][i % 3] as string] as const), 0, 3000);

  it("are many, not few", () => {
    expect(isCrowded(shifts, 3000)).toBe(false);
    expect(isCrowded(shifts, 30_000)).toBe(true);
    expect(isCrowded(shifts.slice(0, 30), 30_000)).toBe(false);
  });
  it("become shares of cells, as long as in truth", () => {
    const cells = cellsOf(shifts, 0, 3000, 60);
    expect(cells).toHaveLength(50);
    expect(cells[7]).toEqual({ from: 420, to: 480, parts: ["RUN", "IDLE", "STOP"].map((word) => ({ word, share: expect.closeTo(1 / 3) })) });
  });
  it("are cut at the window's edges, where cells are cut, too", () => {
    const cells = cellsOf(spellsOf([[0, "RUN"], [70, "IDLE"]], 30, 100), 30, 100, 50);
    expect(cells).toEqual([
      { from: 30, to: 50, parts: [{ word: "RUN", share: 1 }] },
      { from: 50, to: 100, parts: [{ word: "RUN", share: 0.4 }, { word: "IDLE", share: 0.6 }] },
    ]);
  });
  it("leave empty what is not known", () => {
    expect(cellsOf([{ from: 150, to: 200, word: "RUN" }], 0, 200, 100)).toEqual([{ from: 100, to: 200, parts: [{ word: "RUN", share: 0.5 }] }]);
    expect(cellsOf([], 0, 100, 10)).toEqual([]);
  });
});
