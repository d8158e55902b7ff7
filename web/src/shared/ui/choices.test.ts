import { expect, it } from "vitest";
import { matching } from "./choices";

const choices = [
  { value: "b/p/1/press-1/oil", text: "Oil temperature (°C)", place: "Berlin › Press shop › Line 1 › Press 1" },
  { value: "b/p/1/press-2/oil", text: "Oil temperature (°C)", place: "Berlin › Press shop › Line 1 › Press 2" },
  { value: "m/a/1/robot-1/force", text: "Force (kN)" },
];
const found = (query: string): string[] => matching(choices, query).map((c) => c.value);

it("finds by words in any order, in text, place and path", () => {
  expect(found("oil press-2")).toEqual(["b/p/1/press-2/oil"]);
  expect(found("LINE oil")).toHaveLength(2);
  expect(found("robot")).toEqual(["m/a/1/robot-1/force"]);
});
it("leaves everything in its order while nothing is typed, and nothing for what is nowhere", () => expect([found(" "), found("oven")]).toEqual([choices.map((c) => c.value), []]));
