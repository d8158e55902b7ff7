import { expect, it } from "vitest";
import { looksFor } from "./looks";

const paths = Array.from({ length: 21 }, (_, i) => `berlin/hall/line/press-${i}/oil`);
const textOf = (look: object | undefined): string => JSON.stringify(look);

it("tells twenty lines apart, the first seven without a dash", () => {
  const looks = [...looksFor(paths).values()];
  expect(new Set(looks.map(textOf)).size).toBe(21);
  expect(looks.slice(0, 7).every(({ dash }) => dash === 0)).toBe(true);
});

it("leaves a sensor its colour when others come behind it", () => {
  const [first = ""] = paths;
  expect(textOf(looksFor([first]).get(first))).toBe(textOf(looksFor(paths).get(first)));
});

it("has one look for one sensor, and some look for each of too many", () => {
  expect(looksFor(["a", "a"]).size).toBe(1);
  expect(looksFor([...paths, "x", "y"]).size).toBe(23);
});
