/** Values of the machines that are opened in the tree flow, slowly; all others cost nothing. */

import { memo } from "react";
import { useWant } from "@/shared/live/hooks";
import { useSeed } from "@/shared/plant/queries";
import type { Tree } from "@/shared/plant/tree";

/** More than fit on a screen; those opened last. */
const MOST = 6;

export const LiveMachines = memo(function LiveMachines({ plant, open }: { plant: Tree; open: ReadonlySet<string> }) {
  const machines = [...open].filter((path) => plant.byPath.get(path)?.kind === "machine").slice(-MOST);
  return machines.map((path) => <LiveMachine key={path} path={path} />);
});

function LiveMachine({ path }: { path: string }) {
  useWant(path, 1);
  useSeed(path);
  return null;
}
