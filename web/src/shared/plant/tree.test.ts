import { expect, it } from "vitest";
import type { Asset, Sensor } from "@/shared/api/types";
import { findSensor, growTree, isBelow, nameOf, parentOf, trail } from "./tree";

const asset = (path: string, kind: Asset["kind"], name: string) => ({ id: path, path, kind, slug: path, name, sensors: [] as Sensor[] }) as Asset;
const LIST = [
  { ...asset("b/p/1/r", "machine", "Robot"), sensors: [{ key: "t", path: "b/p/1/r/t", name: "Heat", unit: "Cel", datatype: "float" as const, limits: {}, decimals: 1 }] } as Asset,
  asset("b/p/1", "line", "Line 1"), asset("b/p", "area", "Paint"), asset("b", "site", "Berlin"),
];

it("grows from a list in any order", () => {
  const tree = growTree(LIST);
  expect(tree.sites.map((s) => s.path)).toEqual(["b"]);
  expect(tree.machines.map((m) => m.path)).toEqual(["b/p/1/r"]);
  expect(trail(tree, "b/p/1/r").map((n) => n.name)).toEqual(["Berlin", "Paint", "Line 1", "Robot"]);
});

it("begins where the caller's part begins", () => expect(growTree(LIST.slice(0, 2)).sites.map((s) => s.path)).toEqual(["b/p/1"]));

it("finds the platform by path and keeps it out of the plant", () => {
  const own = ["andon", "andon/platform", "andon/platform/pipeline"].map((path, i) => asset(path, (["site", "area", "line"] as const)[i] ?? "line", path));
  const tree = growTree([...LIST, ...own, asset("andon/platform/pipeline/prober", "machine", "Prober")]);
  expect([tree.sites, tree.machines, tree.platform].map((nodes) => nodes.map((n) => n.path))).toEqual([["b"], ["b/p/1/r"], ["andon/platform/pipeline/prober"]]);
  expect(trail(tree, "andon/platform/pipeline/prober").at(-1)?.name).toBe("Prober");
});

it("finds sensors and names by path, and falls back to the path", () => {
  const tree = growTree(LIST);
  expect(findSensor(tree, "b/p/1/r/t")?.unit).toBe("Cel");
  expect([nameOf(tree, "b/p"), nameOf(tree, "b/p/1/r/t"), nameOf(tree, "x/y"), nameOf(undefined, "b")]).toEqual(["Paint", "Heat", "x/y", "b"]);
});

it("does not take a longer name for a place below", () => {
  expect([isBelow("berlin/p", "berlin"), isBelow("berlin-2/p", "berlin"), isBelow("berlin", "berlin"), isBelow("x", "")]).toEqual([true, false, true, true]);
  expect([parentOf("a/b/c"), parentOf("a")]).toEqual(["a/b", ""]);
});
