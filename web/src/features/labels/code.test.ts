import { expect, it } from "vitest";
import { codeOf } from "./code";
import { readLabels } from "./view";

it("draws a code with its finders and a quiet zone", () => {
  const { size, path } = codeOf("https://andon.example/enter?machine=k3f9a1c2");
  const dark = new Set(path.split("M").filter(Boolean).map((module) => module.split("h")[0]));
  expect((size - 8 - 17) % 4).toBe(0); // 21, 25, 29 ... modules
  const finder = [0, 1, 2, 3, 4, 5, 6].map((i) => `${4 + i} 4`);
  expect(finder.every((at) => dark.has(at))).toBe(true);
  expect([...dark].some((at) => Number(at?.split(" ")[0]) < 4)).toBe(false);
});

it("takes part and address from its own address", () => {
  expect(readLabels({ under: "berlin", base: "https://andon.example", x: 1 })).toEqual({ under: "berlin", base: "https://andon.example" });
  expect(readLabels({ under: 5, base: "" })).toEqual({});
});
