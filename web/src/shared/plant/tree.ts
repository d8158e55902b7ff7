/** The plant (site > area > line > machine > sensor) as a tree found by path. */

import type { Asset, Sensor } from "@/shared/api/types";

export interface Node extends Asset {
  children: Node[];
}

export interface Tree {
  sites: Node[];
  byPath: ReadonlyMap<string, Node>;
  machines: Node[];
  /** Machines of Andon's own site, where it tells of itself: found by path, and in no picture of the plant. */
  platform: Node[];
}

/** Site in which Andon tells of itself. */
export const PLATFORM = "andon";

export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
export const isBelow = (path: string, scope: string): boolean =>
  scope === "" || path === scope || path.startsWith(`${scope}/`);

/** A tree from the flat list; a node whose parent the caller may not see becomes a root. */
export function growTree(assets: readonly Asset[]): Tree {
  const byPath = new Map<string, Node>(assets.map((a) => [a.path, { ...a, children: [] }]));
  const roots: Node[] = [];
  const nodes = [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const node of nodes) (byPath.get(parentOf(node.path))?.children ?? roots).push(node);
  const machines = nodes.filter((n) => n.kind === "machine");
  const ownSite = (node: Node): boolean => isBelow(node.path, PLATFORM);
  return {
    byPath,
    sites: roots.filter((n) => !ownSite(n)),
    machines: machines.filter((n) => !ownSite(n)),
    platform: machines.filter(ownSite),
  };
}

/** All machines at or below a node. */
export const machinesOf = (node: Node): Node[] => (node.kind === "machine" ? [node] : node.children.flatMap(machinesOf));

/** The parts of the plant in which machines stand side by side: its lines, and whatever else has machines of its own. */
export const linesOf = (node: Node): Node[] =>
  [...(node.children.some(({ kind }) => kind === "machine") ? [node] : []), ...node.children.flatMap((child) => (child.kind === "machine" ? [] : linesOf(child)))];

/** The nodes from the site down to `path`; parts the caller may not see are left out. */
export function trail(tree: Tree, path: string): Node[] {
  const parts = path.split("/");
  return parts.flatMap((_, i) => tree.byPath.get(parts.slice(0, i + 1).join("/")) ?? []);
}

/** Name of a node or sensor for people: its display name, else its path. */
export function nameOf(tree: Tree | undefined, path: string): string {
  const node = tree?.byPath.get(path);
  if (node) return node.name || node.slug;
  const sensor = findSensor(tree, path);
  return sensor ? sensor.name || sensor.key : path;
}

export function findSensor(tree: Tree | undefined, path: string): Sensor | undefined {
  return tree?.byPath.get(parentOf(path))?.sensors?.find((s) => s.path === path);
}
