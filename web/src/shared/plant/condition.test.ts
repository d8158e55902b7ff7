import { describe, expect, it } from "vitest";
import type { Alarm, Asset } from "@/shared/api/types";
import type { Cell } from "@/shared/live/cells";
import { asksForAck, assess, byUrgency, isStanding, machineState, settled, worse, worstFirst } from "./condition";
import { growTree } from "./tree";

const NOW = 1_000_000;
const node = (path: string, kind: Asset["kind"], sensors: string[] = []) => ({
  id: path, path, kind, slug: path, name: path,
  sensors: sensors.map((key) => ({ key, path: `${path}/${key}`, name: key, unit: "", datatype: "float", limits: {}, decimals: 1 })),
}) as Asset;
const TREE = growTree([node("b", "site"), node("b/p", "area"), node("b/p/1", "line"), node("b/p/1/r1", "machine", ["state", "t"]), node("b/p/1/r2", "machine", ["state", "t"]), node("b/p/2", "line"), node("b/p/2/r1", "machine", [])]);

const cell = (value: Cell["value"], age = 1000): Cell => ({ ts: NOW - age, value, quality: "good", interval: 1000 });
const reads = (cells: Record<string, Cell>) => (sensor: string) => cells[sensor];
const running = { "b/p/1/r1/state": cell("RUN"), "b/p/1/r1/t": cell(50), "b/p/1/r2/state": cell("RUN"), "b/p/1/r2/t": cell(50) };
const alarm = (more: Partial<Alarm>) => ({
  id: "a", rule: "r", rule_name: "Hot", sensor: "b/p/1/r1/t", asset: "b/p/1/r1", unit: "", state: "unacknowledged", active: true, severity: "high",
  since: "2026-11-24T10:00:00Z", value: 90, limit: 80, message: "hot", ...more,
}) as Alarm;

describe("how the plant is doing", () => {
  it("is normal while all machines run and report", () => {
    const found = assess(TREE, [], reads(running), NOW);
    expect(found.get("b")).toMatchObject({ level: "normal", machines: 3, running: 2, stale: 0, alarms: 0 });
    expect(found.get("b/p/2")?.level).toBe("empty");
  });
  it("carries the worst alarm up to every parent, and no further", () => {
    const found = assess(TREE, [alarm({}), alarm({ id: "c", severity: "critical", state: "acknowledged" })], reads(running), NOW);
    for (const path of ["", "b", "b/p", "b/p/1", "b/p/1/r1"]) expect(found.get(path)).toMatchObject({ level: "critical", alarms: 2, unacknowledged: 1 });
    expect(found.get("b/p/1/r2")?.level).toBe("normal");
    expect(found.get("")?.worstAlarm?.id).toBe("c");
  });
  it("stays quiet about alarms nobody has to see to", () =>
    expect(assess(TREE, [alarm({ state: "shelved" })], reads(running), NOW).get("")).toMatchObject({ level: "normal", alarms: 0 }));
  it("never calls silence normal", () => {
    const silent = { ...running, "b/p/1/r2/t": cell(50, 60_000) };
    expect(assess(TREE, [], reads(silent), NOW).get("b/p/1/r2")).toMatchObject({ level: "stale", stale: 1 });
    expect(assess(TREE, [], () => undefined, NOW).get("b/p/1")).toMatchObject({ level: "stale", stale: 2, running: 0 });
  });
  it("tells a stopped machine from a faulty one", () => {
    const found = assess(TREE, [], reads({ ...running, "b/p/1/r1/state": cell("IDLE"), "b/p/1/r2/state": cell("FAULT") }), NOW);
    expect([found.get("b/p/1/r1")?.level, found.get("b/p/1/r2")?.level]).toEqual(["stopped", "fault"]);
    expect(found.get("b")).toMatchObject({ level: "fault", running: 0, stopped: 2 });
  });
});

it("calls a part of the plant stopped where none of its machines runs", () => {
  const levels = (states: [string, string]) => {
    const found = assess(TREE, [], reads({ ...running, "b/p/1/r1/state": cell(states[0]), "b/p/1/r2/state": cell(states[1]) }), NOW);
    return ["b/p/1/r1", "b/p/1", "b"].map((path) => found.get(path)?.level);
  };
  expect(levels(["STOP", "RUN"])).toEqual(["stopped", "normal", "normal"]);
  expect(levels(["STOP", "IDLE"])).toEqual(["stopped", "stopped", "stopped"]);
});

it("keeps the very object of what has not changed, so that it is not drawn anew", () => {
  const before = assess(TREE, [], reads(running), NOW);
  const after = settled(before, assess(TREE, [], reads({ ...running, "b/p/1/r2/state": cell("STOP") }), NOW));
  expect([after.get("b/p/1/r1") === before.get("b/p/1/r1"), after.get("b/p/1/r2") === before.get("b/p/1/r2"), after.get("b") === before.get("b")]).toEqual([true, false, false]);
});

it("shows what is abnormal first and leaves the rest in its place", () => {
  const [r1, r2] = TREE.machines;
  const conditions = assess(TREE, [alarm({ sensor: "b/p/1/r2/t", asset: "b/p/1/r2" })], reads(running), NOW);
  expect(worstFirst([r1!, r2!], conditions)).toEqual([r2, r1]);
  const stopped = assess(TREE, [], reads({ ...running, "b/p/1/r2/state": cell("STOP") }), NOW);
  expect(worstFirst([r1!, r2!], stopped)).toEqual([r1, r2]);
});

describe("urgency", () => {
  it("puts unacknowledged before acknowledged, then severity, then the newest", () => {
    const alarms = [
      alarm({ id: "acked", severity: "critical", state: "acknowledged" }), alarm({ id: "old", since: "2026-11-24T09:00:00Z" }),
      alarm({ id: "low", severity: "low" }), alarm({ id: "new" }), alarm({ id: "shelved", severity: "critical", state: "shelved" }),
    ];
    expect(alarms.sort(byUrgency).map((a) => a.id)).toEqual(["new", "old", "low", "acked", "shelved"]);
  });
  it("asks for acknowledgement until somebody gives it, even when the value is back", () =>
    expect((["unacknowledged", "returned", "acknowledged", "normal"] as const).map((state) => asksForAck(alarm({ state })))).toEqual([true, true, false, false]));
  it("stands while it is open", () => expect(isStanding(alarm({ state: "normal" }))).toBe(false));
});

it.each([["RUN", "running"], ["Producing", "running"], [true, "running"], [false, "stopped"], ["idle", "stopped"], ["SETUP", "stopped"], ["DOWN", "stopped"], ["FAULT 12", "fault"], ["tripped", "fault"], ["?", "unknown"], [undefined, "unknown"]])(
  "a machine that says %s is %s", (word, state) => expect(machineState(word)).toBe(state));

it("knows the worse of two", () => expect([worse("low", "stale"), worse("normal", "critical")]).toEqual(["low", "critical"]));
