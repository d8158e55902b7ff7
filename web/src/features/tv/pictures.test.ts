import { expect, it } from "vitest";
import type { Alarm, Asset } from "@/shared/api/types";
import type { Condition, Level } from "@/shared/plant/condition";
import { growTree } from "@/shared/plant/tree";
import { after, newAlarm, pictureOf, picturesOf, rootsOf, tilesOf } from "./pictures";

const asset = (path: string, kind: Asset["kind"]) => ({ path, kind, slug: path, name: path, sensors: [] }) as unknown as Asset;
const TREE = growTree([
  asset("b", "site"), asset("b/p", "area"), asset("b/q", "area"),
  ...["b/p/1", "b/p/2", "b/q/1"].flatMap((line) => [asset(line, "line"), asset(`${line}/m`, "machine")]),
]);
const how = (levels: Record<string, Level>) => new Map(Object.entries(levels).map(([path, level]) => [path, { level } as Condition]));

it("begins with the whole, goes on with trouble, the worst first, and ends with what is calm", () => {
  const levels = how({ "b/p/1": "stale", "b/p/2": "normal", "b/q/1": "critical" });
  expect(picturesOf(TREE, levels, "")).toEqual(["", "b/q/1", "b/p/1", "b/p"]);
  expect(picturesOf(TREE, levels, "b/p")).toEqual(["b/p", "b/p/1"]);
  expect(picturesOf(TREE, levels, "b/p/1")).toEqual(["b/p/1"]);
});

it("is quiet about a stopped line", () => expect(picturesOf(TREE, how({ "b/p/1": "stopped", "b/p/2": "normal", "b/q/1": "normal" }), "")).toEqual(["", "b/p", "b/q"]));

it("goes round, and back; from a picture that has gone it begins anew", () => {
  const pictures = ["", "a", "b"];
  expect([after(pictures, "b", 1), after(pictures, "", -1), after(pictures, "gone", 1), after([], "", 1)]).toEqual(["", "b", "", ""]);
});

it("knows the picture on which a machine is seen best", () => {
  expect(pictureOf(["", "b", "b/p/1"], "b/p/1/m")).toBe("b/p/1");
  expect(pictureOf(["", "b"], "b/p/1/m")).toBe("b");
});

it("shows at once what is new, and nothing twice", () => {
  const alarm = (id: string, severity: string, state = "unacknowledged") => ({ id, severity, state, active: true }) as Alarm;
  const alarms = [alarm("1", "low"), alarm("2", "high"), alarm("3", "critical", "acknowledged")];
  expect(newAlarm(alarms, new Set())?.id).toBe("2");
  expect(newAlarm(alarms, new Set(["1", "2", "3"]))).toBeUndefined();
});

it("goes as close as there is room: to the lines of a small plant, to the machines of a line", () => {
  const tiles = (path: string, most = 3) => tilesOf(rootsOf(TREE, path), how({ "b/q/1": "high" }), most).map((n) => n.path);
  expect(tiles("")).toEqual(["b/q/1", "b/p/1", "b/p/2"]);
  expect(tiles("b/p/1")).toEqual(["b/p/1/m"]);
  expect(tiles("", 2)).toEqual(["b/p", "b/q"]);
  expect(tiles("nowhere")).toEqual([]);
});
