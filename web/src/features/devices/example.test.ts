import { expect, it } from "vitest";
import type { Asset, Credential, Sensor } from "@/shared/api/types";
import { growTree } from "@/shared/plant/tree";
import { commandOf, exampleOf, patternOf } from "./example";

const sensor = (key: string, more: Partial<Sensor> = {}): Sensor => ({ key, path: `b/p/1/r/${key}`, name: key, unit: "", datatype: "float", limits: {}, decimals: 1, ...more });
const machine = (path: string, sensors: Sensor[]): Asset => ({ id: path, path, kind: "machine", slug: path, name: path, sensors });
const state = sensor("state", { datatype: "string" });
const TREE = growTree([machine("b/p/1/r", [state, sensor("heat", { limits: { l: 5, h: 80 } })]), machine("b/p/1/s", [state]), machine("c/p/1/r", [])]);

it("takes a machine within the scope and a value within its limits", () => {
  expect(exampleOf(TREE, "b/p")).toEqual({ topic: "factory/b/p/1/r", payload: '{"values": {"heat": 42.5}}' });
  expect(exampleOf(TREE, "b/p/1/s")).toEqual({ topic: "factory/b/p/1/s", payload: '{"values": {"state": "RUN"}}' });
  expect(exampleOf(TREE, "")?.topic).toBe("factory/b/p/1/r");
});

it("names no topic that nothing would come of", () => {
  expect([exampleOf(TREE, "c"), exampleOf(TREE, "b/p/10")]).toEqual([null, null]);
  expect([patternOf("c/p"), patternOf(""), patternOf("c/p/1/r")]).toEqual(["factory/c/p/{line}/{machine}", "factory/{site}/{area}/{line}/{machine}", "factory/c/p/1/r"]);
});

it("is a line that a shell takes as it stands", () =>
  expect(commandOf({ username: "d-1", password: "it's" } as Credential, { topic: "factory/b", payload: '{"values": {"t": 1}}' }, "plant.local", 1883)).toBe(
    `mosquitto_pub -h plant.local -p 1883 -u 'd-1' -P 'it'\\''s' -q 1 -t 'factory/b' -m '{"values": {"t": 1}}'`));
