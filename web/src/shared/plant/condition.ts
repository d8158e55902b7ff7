/** How a part of the plant is doing: the worst of its open alarms, of its machines' states and of missing data. */

import type { Alarm, Sensor, Severity } from "@/shared/api/types";
import { qualityNow, type Cell } from "@/shared/live/cells";
import { isEntered } from "./paces";
import type { Node, Tree } from "./tree";
import { isBelow, parentOf, PLATFORM } from "./tree";

export type Level = Severity | "fault" | "stale" | "stopped" | "normal" | "empty";

/** Of alarms, worst first. */
export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low"];
/** From worst to best. */
export const LEVELS: readonly Level[] = ["critical", "high", "fault", "medium", "low", "stale", "stopped", "normal", "empty"];

export interface Condition {
  level: Level;
  machines: number;
  running: number;
  stopped: number;
  /** Machines of which at least one sensor has gone silent. */
  stale: number;
  alarms: number;
  unacknowledged: number;
  worstAlarm: Alarm | undefined;
}

export type MachineState = "running" | "stopped" | "fault" | "unknown";

/** What the `state` sensor says, in one of four words. */
export function machineState(value: unknown): MachineState {
  const word = typeof value === "boolean" ? (value ? "run" : "stop") : String(value ?? "").toLowerCase();
  if (/fault|error|alarm|trip/.test(word)) return "fault";
  if (/^(run|running|auto|producing|on|active)/.test(word)) return "running";
  if (/stop|idle|off|down|setup|maint|wait|pause|hold|clean/.test(word)) return "stopped";
  return "unknown";
}

const RANK = new Map(LEVELS.map((level, rank) => [level, rank]));
export const rankOf = (level: Level): number => RANK.get(level) ?? LEVELS.length;
export const worse = (a: Level, b: Level): Level => (rankOf(a) <= rankOf(b) ? a : b);

/** Only alarms that ask for somebody: shelved, suppressed and out-of-service ones stay quiet. */
export const isStanding = (alarm: Alarm): boolean =>
  alarm.state === "unacknowledged" || alarm.state === "acknowledged" || alarm.state === "returned" || alarm.state === "latched";
export const asksForAck = ({ state, acknowledged }: Alarm): boolean =>
  state === "unacknowledged" || state === "returned" || (state === "latched" && acknowledged === false);

/** Worst first: unacknowledged before acknowledged, then severity, then newest. */
export function byUrgency(a: Alarm, b: Alarm): number {
  return (
    Number(asksForAck(b)) - Number(asksForAck(a)) ||
    Number(isStanding(b)) - Number(isStanding(a)) ||
    rankOf(a.severity) - rankOf(b.severity) ||
    (a.since < b.since ? 1 : a.since > b.since ? -1 : 0)
  );
}

type Read = (sensor: string) => Cell | undefined;

/**
 * Whether one sensor has gone silent, or nothing was ever heard of any: a sensor that never spoke alone is no fault,
 * and people who are late with theirs have not silenced the machine.
 */
function isSilent(sensors: readonly Sensor[], read: Read, now: number): boolean {
  let known = 0;
  const own = sensors.filter((sensor) => !isEntered(sensor));
  for (const { path } of own) {
    const cell = read(path);
    if (!cell) continue;
    known += 1;
    if (qualityNow(cell, now) === "stale") return true;
  }
  return known === 0 && own.length > 0;
}

const bySeverity = (a: Alarm, b: Alarm): number => rankOf(a.severity) - rankOf(b.severity) || byUrgency(a, b);

function ofMachine(machine: Node, alarms: readonly Alarm[], read: Read, now: number): Condition {
  const sensors = machine.sensors ?? [];
  const stale = isSilent(sensors, read, now);
  const said = read(`${machine.path}/state`);
  const state = said && qualityNow(said, now) !== "stale" ? machineState(said.value) : "unknown";
  const standing = alarms.filter(isStanding);
  const worstAlarm = [...standing].sort(bySeverity)[0];
  let level: Level = stale ? "stale" : state === "stopped" ? "stopped" : sensors.length ? "normal" : "empty";
  if (state === "fault") level = "fault";
  if (worstAlarm) level = worse(level, worstAlarm.severity);
  return {
    level, worstAlarm, machines: 1,
    running: Number(state === "running"),
    stopped: Number(state === "stopped" || state === "fault"),
    stale: Number(stale),
    alarms: standing.length,
    unacknowledged: standing.filter(asksForAck).length,
  };
}

const EMPTY: Condition = {
  level: "empty", machines: 0, running: 0, stopped: 0, stale: 0, alarms: 0, unacknowledged: 0, worstAlarm: undefined,
};

function add(sum: Condition, more: Condition): void {
  const { worstAlarm: worst } = more;
  if (worst && (!sum.worstAlarm || rankOf(worst.severity) < rankOf(sum.worstAlarm.severity))) sum.worstAlarm = worst;
  sum.level = worse(sum.level, more.level);
  sum.machines += more.machines;
  sum.running += more.running;
  sum.stopped += more.stopped;
  sum.stale += more.stale;
  sum.alarms += more.alarms;
  sum.unacknowledged += more.unacknowledged;
}

function sumAt(found: Map<string, Condition>, path: string): Condition {
  let sum = found.get(path);
  if (!sum) found.set(path, (sum = { ...EMPTY }));
  return sum;
}

/**
 * Condition of every node, by path; '' is the whole plant, to which the platform does not belong.
 *
 * A part of the plant is stopped where none of its machines runs: one that waits is no news for its whole site.
 */
export function assess(tree: Tree, alarms: readonly Alarm[], read: Read, now: number): Map<string, Condition> {
  const found = new Map<string, Condition>([["", { ...EMPTY }]]);
  const byMachine = new Map<string, Alarm[]>();
  for (const alarm of alarms) {
    const machine = alarm.asset || parentOf(alarm.sensor);
    const own = byMachine.get(machine);
    if (own) own.push(alarm);
    else byMachine.set(machine, [alarm]);
  }
  for (const machine of [...tree.machines, ...tree.platform]) {
    const own = ofMachine(machine, byMachine.get(machine.path) ?? [], read, now);
    found.set(machine.path, own);
    for (let path = parentOf(machine.path); path; path = parentOf(path)) add(sumAt(found, path), own);
    if (!isBelow(machine.path, PLATFORM)) add(sumAt(found, ""), own);
  }
  for (const sum of found.values()) if (sum.level === "stopped" && sum.running > 0) sum.level = "normal";
  return found;
}

const FIELDS = ["level", "worstAlarm", "machines", "running", "stopped", "stale", "alarms", "unacknowledged"] as const;
const isSame = (a: Condition, b: Condition): boolean => FIELDS.every((field) => a[field] === b[field]);

/** `after`, with the very objects of `before` where nothing has changed: only what has changed is drawn anew. */
export function settled(before: ReadonlyMap<string, Condition>, after: Map<string, Condition>): Map<string, Condition> {
  for (const [path, now] of after) {
    const old = before.get(path);
    if (old && isSame(old, now)) after.set(path, old);
  }
  return after;
}

/** Children worst first, then by name. */
export function worstFirst(nodes: readonly Node[], conditions: ReadonlyMap<string, Condition>): Node[] {
  const rank = (n: Node): number => rankOf(conditions.get(n.path)?.level ?? "empty");
  // Stopped and running nodes keep their places: only what is abnormal moves up, so that the picture stays calm.
  const calm = (n: Node): number => Math.min(rank(n), rankOf("stopped"));
  return [...nodes].sort((a, b) => calm(a) - calm(b) || a.path.localeCompare(b.path));
}
