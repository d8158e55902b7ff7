import { expect, it } from "vitest";
import type { Asset } from "@/shared/api/types";
import { growTree } from "@/shared/plant/tree";
import { entry, plantEntries, withoutQuery } from "./entries";
import { Finder } from "./finder";

const asset = (kind: Asset["kind"], path: string, name: string, more: object = {}): Asset => ({ id: path, path, kind, slug: path.split("/").at(-1), name, type: "", labels: {}, sensors: [], ...more }) as unknown as Asset;
const tree = growTree([
  asset("site", "berlin", "Berlin"), asset("area", "berlin/painting", "Painting"), asset("line", "berlin/painting/line-1", "Line 1"),
  asset("machine", "berlin/painting/line-1/robot-3", "Robot 3", { type: "robot", sensors: [{ key: "temperature", path: "berlin/painting/line-1/robot-3/temperature", name: "Gearbox temperature" }] }),
]);

it("knows each node and sensor by its name, its place and its address", () => {
  const entries = plantEntries(tree);
  expect(entries.map((e) => e.kind)).toEqual(["site", "area", "line", "machine", "sensor"]);
  expect(entries.at(-1)).toMatchObject({ id: "/plant/berlin/painting/line-1/robot-3/temperature", where: "Berlin › Painting › Line 1 › Robot 3" });
});

it("finds a machine before its sensors, and a page before both", () => {
  const finder = new Finder([...plantEntries(tree), entry("page", "/robots", "Robot 3")]);
  expect(finder.find("robot 3", 3).found.map((e) => e.kind)).toEqual(["page", "machine", "sensor"]);
});

it("begins with where one was lately, but not where one is", () => {
  const all = [...plantEntries(tree), entry("action", "act:out", "Sign out"), entry("page", "/alarms", "Alarms"), entry("page", "/rules", "Rules")];
  const first = withoutQuery(all, ["/plant/berlin/painting", "/alarms", "/plant/gone", "/plant/berlin"], "/plant/berlin/painting");
  expect(first.map((e) => e.name)).toEqual(["Alarms", "Berlin", "Rules", "Sign out"]);
});
