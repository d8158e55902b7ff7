import { expect, it } from "vitest";
import type { Condition, Level } from "@/shared/plant/condition";
import { growTree } from "@/shared/plant/tree";
import type { Asset } from "@/shared/api/types";
import { unfolded } from "./fold";

const asset = (path: string, kind: Asset["kind"]) => ({ path, kind, slug: path, name: path, sensors: [] }) as unknown as Asset;
const TREE = growTree(["b/p/1", "b/p/2", "b/q/3"].flatMap((line) => [asset(line, "line"), asset(`${line}/m`, "machine")]).concat(asset("b", "site"), asset("b/p", "area"), asset("b/q", "area")));
const conditions = new Map((["b/p/1:normal", "b/p/2:stale", "b/q/3:stopped"] as const).map((text) => {
  const [path, level] = text.split(":") as [string, Level];
  return [path, { level } as Condition];
}));

it("shows a small plant whole", () => expect([...unfolded(TREE, conditions, 3)]).toEqual(["b/p/1", "b/p/2", "b/q/3"]));
it("shows of a large plant what is not as usual", () => expect([...unfolded(TREE, conditions, 2)]).toEqual(["b/p/2"]));
