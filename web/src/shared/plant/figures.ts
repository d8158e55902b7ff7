/** The values that say most about a machine or a line, for a place that has room for few. Pure. */

import type { Sensor } from "@/shared/api/types";
import { worstFirst, type Condition } from "./condition";
import { isEntered } from "./paces";
import { machinesOf, type Node } from "./tree";

/** A value that stands for a part of the plant. */
export interface Figure {
  machine: Node;
  sensor: Sensor;
}

/** What is used of a machine type. */
export interface TypePage {
  page: { sections: readonly { show: string; sensors: readonly string[] }[] };
}

const limitsOf = ({ limits }: Sensor): number => Object.values(limits ?? {}).filter((v) => typeof v === "number").length;

/** Sensors that the machine's type shows as tiles, in its order. */
const chosenBy = (type: TypePage | undefined, sensors: readonly Sensor[]): Sensor[] =>
  (type?.page.sections ?? []).filter(({ show }) => show === "tiles").flatMap(({ sensors: keys }) => keys.flatMap((key) => sensors.find((s) => s.key === key) ?? []));

/**
 * Numbers of one machine, those that matter most first: the one in alarm, those that its type shows as tiles, then those
 * with the most limits. What people read off once a shift is no picture of now.
 */
export function figuresOf(machine: Node, type: TypePage | undefined, inAlarm?: string, count = 3): Sensor[] {
  const numbers = (machine.sensors ?? []).filter((s) => s.datatype === "float");
  const alarmed = numbers.filter((s) => s.path === inAlarm);
  const others = numbers.filter((s) => !isEntered(s)).sort((a, b) => limitsOf(b) - limitsOf(a));
  return [...new Set([...alarmed, ...chosenBy(type, numbers), ...others])].slice(0, count);
}

/** Of a line one value of each machine, the worst machine first, then a second one of each, until there are `count`. */
export function figuresOfLine(line: Node, conditions: ReadonlyMap<string, Condition>, types: ReadonlyMap<string, TypePage>, count = 3): Figure[] {
  const each = worstFirst(machinesOf(line), conditions).slice(0, count).map((machine) =>
    figuresOf(machine, types.get(machine.type ?? ""), conditions.get(machine.path)?.worstAlarm?.sensor, count).map((sensor) => ({ machine, sensor })));
  const rounds = Array.from({ length: count }, (_, i) => each.flatMap((figures) => figures[i] ?? []));
  return rounds.flat().slice(0, count);
}
