/** How a part of the plant is doing: the worst of its open alarms, of its machines' states and of missing data. */

import type { Alarm, Severity } from "@/shared/api/types";
import { qualityNow, type Cell } from "@/shared/live/cells";
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

function ofMachine(machine: Node, alarms: readonly Alarm[], read: Read, now: number): Condition {
  const sensors = machine.sensors ?? [];
  const cells = sensors.map((s) => read(s.path));
  const known = cells.filter((c): c is Cell => c !== undefined);
  const stale = sensors.length > 0 && (known.length === 0 || known.some((c) => qualityNow(c, now) === "stale"));
  const stateSensor = read(`${machine.path}/state`);
  const state = stateSensor && qualityNow(stateSensor, now) !== "stale" ? machineState(stateSensor.value) : "unknown";
  const standing = alarms.filter(isStanding);
  const worstAlarm = [...standing].sort((a, b) => rankOf(a.severity) - rankOf(b.severity) || byUrgency(a, b))[0];
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

function add(a: Condition, b: Condition): Condition {
  const takeB = b.worstAlarm && (!a.worstAlarm || rankOf(b.worstAlarm.severity) < rankOf(a.worstAlarm.severity));
  return {
    level: worse(a.level, b.level),
    machines: a.machines + b.machines,
    running: a.running + b.running,
    stopped: a.stopped + b.stopped,
    stale: a.stale + b.stale,
    alarms: a.alarms + b.alarms,
    unacknowledged: a.unacknowledged + b.unacknowledged,
    worstAlarm: takeB ? b.worstAlarm : a.worstAlarm,
  };
}

/** Condition of every node, by path; '' is the whole plant, to which the platform does not belong. */
export function assess(tree: Tree, alarms: readonly Alarm[], read: Read, now: number): Map<string, Condition> {
  const found = new Map<string, Condition>([["", EMPTY]]);
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
    for (let path = parentOf(machine.path); path; path = parentOf(path)) found.set(path, add(found.get(path) ?? EMPTY, own));
    if (!isBelow(machine.path, PLATFORM)) found.set("", add(found.get("") ?? EMPTY, own));
  }
  return found;
}

/** Children worst first, then by name. */
export function worstFirst(nodes: readonly Node[], conditions: ReadonlyMap<string, Condition>): Node[] {
  const rank = (n: Node): number => rankOf(conditions.get(n.path)?.level ?? "empty");
  // Stopped and running nodes keep their places: only what is abnormal moves up, so that the picture stays calm.
  const calm = (n: Node): number => Math.min(rank(n), rankOf("stopped"));
  return [...nodes].sort((a, b) => calm(a) - calm(b) || a.path.localeCompare(b.path));
}
