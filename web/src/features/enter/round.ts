/** A round: the machines of a part of the plant, visited one after another. Pure. */

import type { Sensor } from "@/shared/api/types";
import { isEntered } from "@/shared/plant/paces";
import { isBelow, linesOf, type Node, type Tree } from "@/shared/plant/tree";

/** What can be entered at all: what is calculated follows from others. */
export const enterable = (machine: Pick<Node, "sensors">): Sensor[] => (machine.sensors ?? []).filter(({ expression }) => !expression);

/** What people are to enter; where nothing was agreed on, whatever can be. */
export const asked = (machine: Pick<Node, "sensors">): Sensor[] => enterable(machine).filter(isEntered);

/** The machines of a round, in order of path: those with something to enter, or all where none has. */
export function stops(tree: Tree, round: string): Node[] {
  const there = tree.machines.filter(({ path }) => isBelow(path, round));
  const wanted = there.filter((machine) => asked(machine).length > 0);
  return wanted.length > 0 ? wanted : there.filter((machine) => enterable(machine).length > 0);
}

/** Lines with something to enter, and how many machines one visits; those where people are to enter something first. */
export function roundsOf(tree: Tree): { line: Node; count: number }[] {
  const lines = tree.sites.flatMap(linesOf).map((line) => ({ line, all: stops(tree, line.path) })).filter(({ all }) => all.length > 0);
  const isAsked = ({ all }: (typeof lines)[number]): number => Number(all.some((machine) => asked(machine).length > 0));
  return lines.toSorted((a, b) => isAsked(b) - isAsked(a)).map(({ line, all }) => ({ line, count: all.length }));
}

/** By path or by id. */
export const machineOf = (tree: Tree, name: string): Node | undefined => {
  const node = tree.byPath.get(name) ?? tree.machines.find(({ id }) => id === name);
  return node?.kind === "machine" ? node : undefined;
};

/** Where a machine stands among the stops: its number from 1, and those before and after. */
export function placeIn(all: readonly Node[], path: string): { number: number; before: Node | undefined; after: Node | undefined } {
  const index = all.findIndex((stop) => stop.path === path);
  return { number: index + 1, before: all[index - 1], after: all[index + 1] };
}
