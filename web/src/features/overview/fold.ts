/** Which lines are shown whole: all of a small plant, of a large one those that something is wrong with. Pure. */

import { rankOf, type Condition } from "@/shared/plant/condition";
import { linesOf, type Tree } from "@/shared/plant/tree";

/** So many lines, with their machines and values, are still a picture that one takes in. */
export const ROOM = 24;

export const isCalm = (condition: Condition | undefined): boolean => rankOf(condition?.level ?? "empty") >= rankOf("stopped");

/** Paths of the lines to show whole; the others say in one row that all is as usual. */
export function unfolded(tree: Tree, conditions: ReadonlyMap<string, Condition>, room = ROOM): ReadonlySet<string> {
  const lines = tree.sites.flatMap(linesOf);
  const shown = lines.length <= room ? lines : lines.filter(({ path }) => !isCalm(conditions.get(path)));
  return new Set(shown.map(({ path }) => path));
}
