/** Where in the plant model the cause of a dead letter is mended. Pure. */

import type { DeadLetter } from "@/shared/api/types";
import { parentOf, type Tree } from "@/shared/plant/tree";

const OF_THE_PLANT = new Set<DeadLetter["reason"]>(["unknown-asset", "unknown-sensor"]);

/** The deepest place that there is on the way of the topic; undefined where the plant is not what is wrong. */
export function placeToMend({ reason, source }: Pick<DeadLetter, "reason" | "source">, { byPath }: Pick<Tree, "byPath">): string | undefined {
  if (!OF_THE_PLANT.has(reason)) return undefined;
  for (let path = source.replace(/^factory\//, ""); path; path = parentOf(path)) if (byPath.has(path)) return path;
  return undefined;
}
