/** What the search finds: the plant, pages, saved views and actions. Pure. */

import type { Tree } from "@/shared/plant/tree";
import { trail } from "@/shared/plant/tree";
import type { Findable } from "./finder";

export type EntryKind = "site" | "area" | "line" | "machine" | "sensor" | "page" | "action" | "view";

export interface Entry extends Findable {
  /** An address, or a word for an action; its own among all entries. */
  id: string;
  kind: EntryKind;
  /** Shown below the name; `place` has more words, for finding. */
  where: string;
  /** Done instead of going to `id`. */
  act?: () => void;
}

/** Machines before their sensors, for these are reached from there as well. */
const WEIGHT = { site: 0.06, area: 0.05, line: 0.05, machine: 0.06, sensor: 0, view: 0.08, page: 0.1, action: 0.04 } as const;

export const entry = (kind: EntryKind, id: string, name: string, where = "", also = "", act?: () => void): Entry => ({
  id, kind, name, where, place: also ? `${where} ${also}` : where, weight: WEIGHT[kind], ...(act && { act }),
});

const SEPARATOR = " › ";

/** Every node and sensor of the plant, the platform's own, too. */
export function plantEntries(tree: Tree): Entry[] {
  const entries: Entry[] = [];
  for (const node of tree.byPath.values()) {
    const names = trail(tree, node.path).map((n) => n.name || n.slug);
    entries.push(entry(node.kind, `/plant/${node.path}`, node.name || node.slug, names.slice(0, -1).join(SEPARATOR), `${node.slug} ${node.type ?? ""}`));
    const machine = names.join(SEPARATOR);
    for (const { key, path, name } of node.sensors ?? []) entries.push(entry("sensor", `/plant/${path}`, name || key, machine, key));
  }
  return entries;
}

const made = new WeakMap<Tree, Entry[]>();

/** The same, made once for each tree. */
export function entriesOf(tree: Tree): Entry[] {
  const known = made.get(tree) ?? plantEntries(tree);
  made.set(tree, known);
  return known;
}

/** Nothing typed yet: where one was lately, then what else there is but the plant. */
export function withoutQuery(all: readonly Entry[], recent: readonly string[], here: string): Entry[] {
  const byId = new Map(all.map((e) => [e.id, e]));
  const lately = recent.filter((place) => place !== here).flatMap((place) => byId.get(place) ?? []);
  const shown = new Set(lately.map((e) => e.id));
  const rank = (e: Entry): number => ["view", "page", "action"].indexOf(e.kind);
  return [...lately, ...all.filter((e) => rank(e) >= 0 && !shown.has(e.id)).sort((a, b) => rank(a) - rank(b))];
}
