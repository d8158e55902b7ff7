import { expect, it } from "vitest";
import type { Asset, Credential, Limits, Sensor } from "@/shared/api/types";
import { growTree } from "@/shared/plant/tree";
import { commandOf, exampleOf, numberWithin, patternOf, programOf } from "./example";

const sensor = (key: string, more = {}) => ({ key, path: `b/p/1/r/${key}`, name: key, unit: "", datatype: "float", limits: {}, decimals: 1, ...more }) as Sensor;
const machine = (path: string, sensors: Sensor[]) => ({ id: path, path, kind: "machine", slug: path, name: path, sensors }) as Asset;
const state = sensor("state", { datatype: "string" });
const TREE = growTree([machine("b/p/1/r", [state, sensor("heat", { limits: { l: 5, h: 80 } })]), machine("b/p/1/s", [state]), machine("c/p/1/r", [])]);

it("takes a machine within the scope and a value within its limits", () => {
  expect(exampleOf(TREE, "b/p")).toEqual({ machine: "b/p/1/r", topic: "factory/b/p/1/r", payload: '{"values": {"heat": 42.5}}' });
  expect(exampleOf(TREE, "b/p/1/s")).toEqual({ machine: "b/p/1/s", topic: "factory/b/p/1/s", payload: '{"values": {"state": "RUN"}}' });
  expect(exampleOf(TREE, "")?.topic).toBe("factory/b/p/1/r");
});

it.each<[Limits, number, number]>([
  [{}, 1, 1],
  [{ l: 5, h: 80 }, 1, 42.5],
  [{ ll: 0, l: 5, h: 80, hh: 90 }, 1, 42.5],
  [{ h: 80 }, 1, 40],
  [{ h: -18 }, 1, -19],
  [{ hh: -18 }, 1, -19],
  [{ l: null, h: null, hh: 6 }, 1, 3],
  [{ l: 5 }, 1, 6],
  [{ ll: 100 }, 1, 101],
  [{ ll: 100, h: 110 }, 1, 105],
  [{ l: -40, hh: -18 }, 1, -29],
  [{ l: 0.1, h: 0.4 }, 0, 0.3],
  [{ l: 7.2, h: 7.4 }, 0, 7.3],
  [{ l: 0.9, h: 1 }, 0, 0.95],
  [{ l: 3e-12, h: 5e-12 }, 2, 4e-12],
  [{ l: 5.55, h: 5.55 }, 1, 5.55],
  [{ ll: -1e308, hh: 1e308 }, 1, 0],
])("within %j, with %d decimals, %d is right", (limits, decimals, value) => expect(numberWithin(limits, decimals)).toBe(value));

it("names no topic that nothing would come of", () => {
  expect([exampleOf(TREE, "c"), exampleOf(TREE, "b/p/10")]).toEqual([null, null]);
  expect([patternOf("c/p"), patternOf(""), patternOf("c/p/1/r")]).toEqual(["factory/c/p/{line}/{machine}", "factory/{site}/{area}/{line}/{machine}", "factory/c/p/1/r"]);
});

it("is a line that a shell takes as it stands", () =>
  expect(commandOf({ username: "d-1", password: "it's", mqtt_port: 21883 } as Credential, { topic: "factory/b", payload: '{"values": {"t": 1}}' }, "plant.local")).toBe(
    `mosquitto_pub -h plant.local -p 21883 -u 'd-1' -P 'it'\\''s' -q 1 -t 'factory/b' -m '{"values": {"t": 1}}'`));

it("is a program that Python takes as it stands", () =>
  expect(programOf({ username: "d-1", password: 'a"b', mqtt_port: 1883 } as Credential, { topic: "factory/b", payload: '{"values": {"t": 1}}' }, "plant.local").split("\n").slice(3)).toEqual([
    'client.username_pw_set("d-1", "a\\"b")', 'client.connect("plant.local", 1883)', "client.loop_start()", 'client.publish("factory/b", "{\\"values\\": {\\"t\\": 1}}", qos=1).wait_for_publish()',
  ]));

it("says what is measured, not what is calculated", () =>
  expect(exampleOf(growTree([machine("b/p/1/r", [sensor("power", { expression: "a * b" }), sensor("heat")])]), "b")?.payload).toBe('{"values": {"heat": 1}}'));
