import { expect, it } from "vitest";
import type { Asset } from "@/shared/api/types";
import { growTree } from "@/shared/plant/tree";
import { machineOf, placeIn, stops } from "./round";

const machine = (path: string, ...sensors: object[]) => ({ id: `id-${path}`, path, kind: "machine", slug: "", name: path, type: "", labels: {}, sensors }) as unknown as Asset;
const entered = { key: "level", expression: "", entered_every: "8h" };
const measured = { key: "speed", expression: "", entered_every: "" };
const tree = growTree([machine("s/a/l/m2", entered), machine("s/a/l/m1", measured, entered), machine("s/a/l/m3", measured), machine("s/a/k/m4", measured), machine("s/a/k/m5", { key: "sum", expression: "a + b", entered_every: "" })]);

it("visits the machines at which something is entered, else all where something can be", () => {
  expect(stops(tree, "s/a/l").map(({ path }) => path)).toEqual(["s/a/l/m1", "s/a/l/m2"]);
  expect(stops(tree, "s/a/k").map(({ path }) => path)).toEqual(["s/a/k/m4"]);
  expect(stops(tree, "nowhere")).toEqual([]);
});

it("knows the place of a machine on it", () => {
  const all = stops(tree, "s/a/l");
  expect(placeIn(all, "s/a/l/m1")).toMatchObject({ number: 1, before: undefined, after: { path: "s/a/l/m2" } });
  expect(placeIn(all, "s/a/l/m3").number).toBe(0);
});

it("finds a machine by path and by id", () => {
  expect([machineOf(tree, "s/a/l/m1")?.path, machineOf(tree, "id-s/a/l/m3")?.path, machineOf(tree, "x")]).toEqual(["s/a/l/m1", "s/a/l/m3", undefined]);
});
