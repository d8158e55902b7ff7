/** The plant as rows of a tree: only what is opened has rows below it. Pure. */

import type { Alarm, Sensor, Severity } from "@/shared/api/types";
import { asksForAck, isStanding, rankOf } from "@/shared/plant/condition";
import { parentOf, type Node, type Tree } from "@/shared/plant/tree";

export interface Row {
  path: string;
  name: string;
  isMachine: boolean;
  hasChildren: boolean;
  children: () => readonly Row[];
  sensor?: Sensor;
}

const NONE: readonly Row[] = [];

const rowOfSensor = (sensor: Sensor): Row => ({ path: sensor.path, name: sensor.name || sensor.key, isMachine: false, hasChildren: false, children: () => NONE, sensor });

const made = new WeakMap<Node, Row>();

/** Made once for each node, so that what is on screen is not written anew. */
export function rowOf(node: Node): Row {
  const known = made.get(node);
  if (known) return known;
  let children: readonly Row[] | undefined;
  const sensors = node.sensors ?? [];
  const row: Row = {
    path: node.path, name: node.name || node.slug, isMachine: node.kind === "machine", hasChildren: node.children.length + sensors.length > 0,
    children: () => (children ??= [...node.children.map(rowOf), ...sensors.map(rowOfSensor)]),
  };
  made.set(node, row);
  return row;
}

/** The paths above a place, from the site on. */
export function above(path: string): string[] {
  const paths: string[] = [];
  for (let at = parentOf(path); at; at = parentOf(at)) paths.unshift(at);
  return paths;
}

/** Only some places, with what is above them; nodes found show what they contain once they are opened. */
export function filteredRows(tree: Tree, found: readonly string[]): { rows: readonly Row[]; open: Set<string> } {
  const wanted = new Set(found);
  const open = new Set(found.flatMap(above));
  const pick = (row: Row): Row => {
    if (!open.has(row.path)) return row;
    const children = row.children().filter((r) => wanted.has(r.path) || open.has(r.path)).map(pick);
    return { ...row, children: () => children };
  };
  return { rows: tree.sites.filter((s) => wanted.has(s.path) || open.has(s.path)).map((s) => pick(rowOf(s))), open };
}

/** How many rows stand before a place; -1 where it has none. */
export function lineOf(rows: readonly Row[], open: ReadonlySet<string>, path: string): number {
  let line = -1;
  const look = (some: readonly Row[]): boolean => some.some((row) => {
    line++;
    return row.path === path || (open.has(row.path) && look(row.children()));
  });
  return look(rows) ? line : -1;
}

export interface Trouble {
  worst: Severity;
  /** Alarms that nobody has acknowledged. */
  waiting: number;
}

/** Open alarms of each place and of all below it. */
export function troubles(alarms: readonly Alarm[]): Map<string, Trouble> {
  const found = new Map<string, Trouble>();
  for (const alarm of alarms.filter(isStanding)) {
    for (const path of [...above(alarm.sensor), alarm.sensor]) {
      const { worst = alarm.severity, waiting = 0 } = found.get(path) ?? {};
      found.set(path, { worst: rankOf(alarm.severity) < rankOf(worst) ? alarm.severity : worst, waiting: waiting + Number(asksForAck(alarm)) });
    }
  }
  return found;
}
