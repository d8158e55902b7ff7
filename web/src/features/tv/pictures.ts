/** What a board shows one after another: the whole, then each line with trouble, the worst first, then the calm areas. Pure. */

import type { Alarm } from "@/shared/api/types";
import { asksForAck, byUrgency, isStanding, rankOf, worstFirst, type Condition } from "@/shared/plant/condition";
import { isBelow, linesOf, parentOf, type Node, type Tree } from "@/shared/plant/tree";

type Conditions = ReadonlyMap<string, Condition>;

const rank = (conditions: Conditions, path: string): number => rankOf(conditions.get(path)?.level ?? "empty");

/** The nodes a picture of `path` is about; '' is every site. Nothing where there is no such place. */
export function rootsOf(tree: Tree, path: string): Node[] {
  if (path === "") return tree.sites;
  const node = tree.byPath.get(path);
  return node ? [node] : [];
}

/** Paths of the pictures in their order; the first is the whole of what the board is about. */
export function picturesOf(tree: Tree, conditions: Conditions, under: string): string[] {
  const lines = rootsOf(tree, under).flatMap(linesOf).map(({ path }) => path);
  const isTrouble = (path: string): boolean => rank(conditions, path) < rankOf("stopped");
  const trouble = lines.filter(isTrouble).sort((a, b) => rank(conditions, a) - rank(conditions, b) || (a < b ? -1 : 1));
  const calm = lines.filter((path) => !isTrouble(path)).map((path) => (isBelow(parentOf(path), under) && parentOf(path) ? parentOf(path) : path));
  return [...new Set([under, ...trouble, ...calm])];
}

/** The picture `step` places after `now`; from one that has gone the first. */
export function after(pictures: readonly string[], now: string, step: number): string {
  const at = pictures.indexOf(now);
  return pictures[at < 0 ? 0 : (at + step + pictures.length) % pictures.length] ?? "";
}

/** The picture on which a place is seen best: the smallest part of the plant that holds it. */
export const pictureOf = (pictures: readonly string[], path: string): string =>
  pictures.filter((picture) => isBelow(path, picture)).sort((a, b) => b.length - a.length)[0] ?? pictures[0] ?? "";

/** The alarm that nobody has seen yet and that was not there before: it is shown at once. */
export const newAlarm = (alarms: readonly Alarm[], known: ReadonlySet<string>): Alarm | undefined =>
  alarms.filter((a) => asksForAck(a) && a.active && !known.has(a.id)).sort((a, b) => rankOf(a.severity) - rankOf(b.severity))[0];

/** The parts a picture shows, the worst first: machines of a line, and of larger parts the smallest of which `most` fit. */
export function tilesOf(roots: readonly Node[], conditions: Conditions, most: number): Node[] {
  const [only] = roots;
  let tiles = roots.length === 1 && only ? only.children : [...roots];
  for (;;) {
    const closer = tiles.flatMap((n) => (n.kind === "machine" || n.kind === "line" || n.children.length === 0 ? [n] : n.children));
    if (closer.length > most || closer.length === tiles.length) return worstFirst(tiles, conditions);
    tiles = closer;
  }
}

/** The alarms a picture shows: from across a hall the worst matter, whoever has seen them. */
export const worstAlarms = (alarms: readonly Alarm[], path: string): Alarm[] =>
  alarms.filter((a) => isStanding(a) && isBelow(a.sensor, path)).sort((a, b) => rankOf(a.severity) - rankOf(b.severity) || byUrgency(a, b));
