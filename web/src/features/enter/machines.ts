/** Machines one has entered readings of, newest first: kept in this browser for each person apart. */

import { session } from "@/shared/api/session";
import type { Asset } from "@/shared/api/types";
import { readMachines, withMachines, type Machine } from "./lately";

const key = (): string => `andon.machines.${session()?.name ?? ""}`;

export const knownMachines = (): Machine[] => readMachines(localStorage.getItem(key()));

export function rememberMachines(newest: readonly Asset[]): void {
  // A node of the tree has its children as well.
  const plain = newest.map((node) => ({ ...node, children: undefined }));
  localStorage.setItem(key(), JSON.stringify(withMachines(knownMachines(), plain)));
}
