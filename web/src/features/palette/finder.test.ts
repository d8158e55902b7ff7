import { describe, expect, it } from "vitest";
import { Finder } from "./finder";
import { isNearly, likeness, wordsOf } from "./words";

const things = [
  { name: "Oil temperature", place: "Berlin / Press shop / Line 1 / Press 2" },
  { name: "Oil temperature", place: "Berlin / Press shop / Line 2 / Press 1" },
  { name: "Gearbox temperature", place: "Berlin / Painting / Line 1 / Robot 3" },
  { name: "Robot 3", place: "Berlin / Painting / Line 1" },
  { name: "Robot 31", place: "Berlin / Painting / Line 1" },
  { name: "Alarms", place: "" },
  { name: "Öltemperatur", place: "Werk Köln" },
];
const finder = new Finder(things);
const first = (query: string): string | undefined => {
  const [best] = finder.find(query, 5).found;
  return best && `${best.name} @ ${best.place}`;
};

describe("what somebody typed", () => {
  it.each([
    ["oil press 2", "Oil temperature @ Berlin / Press shop / Line 1 / Press 2"],
    ["press 1 oil", "Oil temperature @ Berlin / Press shop / Line 2 / Press 1"],
    ["line 2 oil", "Oil temperature @ Berlin / Press shop / Line 2 / Press 1"],
    ["gerabox temp", "Gearbox temperature @ Berlin / Painting / Line 1 / Robot 3"],
    ["GEARBX robot3", "Gearbox temperature @ Berlin / Painting / Line 1 / Robot 3"],
    ["robot 3", "Robot 3 @ Berlin / Painting / Line 1"],
    ["robot-31", "Robot 31 @ Berlin / Painting / Line 1"],
    ["alrams", "Alarms @ "],
    ["oli press 2", "Oil temperature @ Berlin / Press shop / Line 1 / Press 2"],
    ["oltemp koln", "Öltemperatur @ Werk Köln"],
    ["gearboxtemp", "Gearbox temperature @ Berlin / Painting / Line 1 / Robot 3"],
  ])("%s finds %s", (query, expected) => expect(first(query)).toBe(expected));

  it("finds nothing where a word is nowhere, and says how many there are beyond the best", () => {
    expect(finder.find("oil chicago", 5)).toEqual({ found: [], count: 0 });
    expect(finder.find(" ", 5).count).toBe(0);
    expect(finder.find("berlin", 2)).toMatchObject({ found: { length: 2 }, count: 5 });
  });
});

it("takes words apart as people type them", () => expect(wordsOf("Zone_1 Größe-ÄB12")).toEqual(["zone", "1", "grosse", "ab", "12"]));
it("forgives a slip, and no digit", () => {
  expect([isNearly("temprature", "temperature", 1), isNearly("tmeperature", "temperature", 1), isNearly("oil", "air", 1)]).toEqual([true, true, false]);
  expect([likeness("1", "10"), likeness("12", "21"), likeness("12", "112")].map((n) => n > 0)).toEqual([true, false, false]);
});
