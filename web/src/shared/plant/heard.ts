/** How fresh the data of a part of the plant is: when its machines were heard last. */

import type { Cell } from "@/shared/live/cells";
import { isEntered } from "./paces";
import { machinesOf, type Node } from "./tree";

/** Epoch ms: the machine heard last, and the one heard longest ago. */
export interface Heard {
  newest: number;
  oldest: number;
}

type Read = (sensor: string) => Cell | undefined;

/** When a machine said anything, by whichever of its sensors; 0 for never. What people entered it has not said. */
function lastOf(machine: Node, read: Read): number {
  let last = 0;
  for (const sensor of machine.sensors ?? []) if (!isEntered(sensor)) last = Math.max(last, read(sensor.path)?.ts ?? 0);
  return last;
}

/** Of the machines below `node` that have ever been heard; undefined where there is none. Pure, given the cells. */
export function heardOf(node: Node, read: Read): Heard | undefined {
  let [newest, oldest] = [0, Infinity];
  for (const machine of machinesOf(node)) {
    const last = lastOf(machine, read);
    if (last === 0) continue;
    newest = Math.max(newest, last);
    oldest = Math.min(oldest, last);
  }
  return newest > 0 ? { newest, oldest } : undefined;
}
