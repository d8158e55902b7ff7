import { expect, it } from "vitest";
import type { Asset } from "@/shared/api/types";
import { Track } from "@/shared/chart/track";
import { growTree } from "@/shared/plant/tree";
import { choicesOf, chosenOf, groupsOf, layoutOf, type Drawn } from "./chosen";

const sensor = (path: string, unit: string, datatype = "float") => ({ key: path.split("/").at(-1), path, name: "", unit, datatype, limits: { h: 80 }, decimals: 1 });
const machine = (path: string, name: string, sensors: object[]) => ({ id: path, path, kind: "machine", slug: path.split("/").at(-1), name, type: "", labels: {}, sensors }) as unknown as Asset;
const tree = growTree([
  machine("a/b/c/press", "Press", [sensor("a/b/c/press/oil", "Cel"), sensor("a/b/c/press/state", "", "string")]),
  machine("a/b/c/oven", "Oven", [sensor("a/b/c/oven/zone", "Cel"), sensor("a/b/c/oven/fan", "A")]),
]);
const PATHS = ["a/b/c/press/oil", "a/b/c/oven/zone", "a/b/c/oven/fan"];
const drawn = (earlier = false): Drawn[] => chosenOf(tree, PATHS).map((one) => ({ ...one, track: new Track(), earlier: earlier ? new Track(5) : undefined }) as Drawn);

it("finds sensors of any machines, and says which it cannot draw", () => {
  const found = chosenOf(tree, [...PATHS, "a/b/c/press/state", "gone"]);
  expect(found.map(({ name, machine: of, unit, sensor: is }) => [name, of, unit, is !== null])).toEqual([
    ["oil", "Press", "°C", true], ["zone", "Oven", "°C", true], ["fan", "Oven", "A", true], ["state", "Press", "", false], ["gone", "", "", false],
  ]);
  expect(found.map((one) => one.isNumber)).toEqual([true, true, true, false, false]);
});

it("offers what measures numbers and is not chosen yet", () =>
  expect(choicesOf(tree, ["a/b/c/oven/zone"]).map((one) => one.value)).toEqual(["a/b/c/oven/fan", "a/b/c/press/oil"]));

it("has one axis for each unit in one chart, one chart for each unit, or for each sensor", () => {
  expect(groupsOf(drawn(), undefined).map((group) => [group.axes.length, group.lines.length])).toEqual([[2, 3]]);
  expect(groupsOf(drawn(), "unit").map((group) => [group.key, group.lines.length])).toEqual([["°C", 2], ["A", 1]]);
  expect(groupsOf(drawn(), "sensor").map((group) => [group.axes[0]?.limits, group.lines.length])).toEqual(Array(3).fill([{ h: 80 }, 1]));
  expect(groupsOf([], "sensor")).toEqual([]);
});

it("draws an earlier period under this one, in the same colour", () => {
  const [all] = groupsOf(drawn(true), undefined);
  expect(all?.lines.map(({ thin }) => thin === true)).toEqual([true, true, true, false, false, false]);
  expect(all?.lines[0]?.colour).toBe(all?.lines[3]?.colour);
});

it("never has more axes beside a chart than leave room for it", () =>
  expect([layoutOf(undefined, 4, false), layoutOf(undefined, 5, false), layoutOf(undefined, 3, true), layoutOf("sensor", 9, true)]).toEqual([undefined, "unit", "unit", "sensor"]));
