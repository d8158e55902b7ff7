import { expect, it } from "vitest";
import type { Alarm, Asset } from "@/shared/api/types";
import { assess } from "./condition";
import { figuresOf, figuresOfLine } from "./figures";
import { growTree } from "./tree";

const sensor = (path: string, limits = {}, datatype: "float" | "string" = "float") => ({ key: path.split("/").at(-1), path, name: path, unit: "", datatype, limits, decimals: 1 });
const asset = (path: string, kind: Asset["kind"], more = {}) => ({ id: path, path, kind, slug: path, name: path, type: "", labels: {}, documents: [], sensors: [], ...more }) as unknown as Asset;
const press = (name: string) => asset(`b/p/1/${name}`, "machine", {
  type: "press",
  sensors: [sensor(`b/p/1/${name}/state`, {}, "string"), sensor(`b/p/1/${name}/parts`), sensor(`b/p/1/${name}/force`, { h: 1 }), sensor(`b/p/1/${name}/oil`, { l: 1, h: 2, hh: 3 })],
});
const TREE = growTree([asset("b", "site"), asset("b/p", "area"), asset("b/p/1", "line"), press("a"), press("b")]);
const [A] = TREE.machines;
const TILES = { page: { sections: [{ show: "bars", sensors: ["oil"] }, { show: "tiles", sensors: ["parts", "gone", "force"] }] } };
const keys = (found: { key: string }[]) => found.map(({ key }) => key);
const alarm = (path: string) => ({ sensor: path, asset: path.slice(0, path.lastIndexOf("/")), severity: "high", state: "unacknowledged", since: "" }) as Alarm;

it("shows the numbers of a machine that have the most limits", () => expect(keys(figuresOf(A!, undefined))).toEqual(["oil", "force", "parts"]));
it("shows first what the machine's type shows as tiles", () => expect(keys(figuresOf(A!, TILES))).toEqual(["parts", "force", "oil"]));
it("leaves out what people read off now and then", () => {
  const read = { ...A!, sensors: A!.sensors.map((s) => (s.key === "oil" ? { ...s, entered_every: "1d" } : s)) };
  expect(keys(figuresOf(read, undefined))).toEqual(["force", "parts"]);
});
it("shows what is in alarm first, whatever the type says", () => expect(keys(figuresOf(A!, TILES, "b/p/1/a/oil"))).toEqual(["oil", "parts", "force"]));

it("takes one value of each machine of a line, the worst machine first", () => {
  const line = TREE.byPath.get("b/p/1")!;
  const shown = (alarms: Alarm[]) => figuresOfLine(line, assess(TREE, alarms, () => undefined, 0), new Map(), 3).map((f) => f.sensor.path);
  expect(shown([])).toEqual(["b/p/1/a/oil", "b/p/1/b/oil", "b/p/1/a/force"]);
  expect(shown([alarm("b/p/1/b/parts")])).toEqual(["b/p/1/b/parts", "b/p/1/a/oil", "b/p/1/b/oil"]);
});
