import { expect, it } from "vitest";
import type { Asset } from "@/shared/api/types";
import { growTree } from "@/shared/plant/tree";
import { found } from "./found";

const node = (path: string, kind: Asset["kind"], name: string, type = "") => ({ id: path, path, kind, name, type, sensors: [] }) as unknown as Asset;
const TREE = growTree([node("b", "site", "Berlin"), node("b/p", "area", "Painting"), node("b/p/1", "line", "Line 1"), node("b/p/1/r", "machine", "Robot 1", "robot"), node("m", "site", "Munich"), node("andon", "site", "Andon")]);

it("finds places by words of name, type and path, with what is above them", () => {
  expect([...(found(TREE, "robot b/p")?.visible ?? [])].sort()).toEqual(["b", "b/p", "b/p/1", "b/p/1/r"]);
  expect([...(found(TREE, "robot")?.open ?? [])].sort()).toEqual(["b", "b/p", "b/p/1"]);
});
it("shows everything while nothing is typed, and never Andon's own site", () => {
  expect(found(TREE, " ")).toBeUndefined();
  expect([...(found(TREE, "andon")?.visible ?? ["?"])]).toEqual([]);
});
