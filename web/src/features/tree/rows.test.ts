import { expect, it } from "vitest";
import type { Alarm, Asset } from "@/shared/api/types";
import { growTree } from "@/shared/plant/tree";
import { above, filteredRows, lineOf, rowOf, troubles } from "./rows";

const asset = (kind: Asset["kind"], path: string, sensors: string[] = []): Asset =>
  ({ id: path, path, kind, slug: path.split("/").at(-1), name: path.split("/").at(-1), sensors: sensors.map((key) => ({ key, name: key, path: `${path}/${key}` })) }) as unknown as Asset;
const tree = growTree([asset("site", "a"), asset("area", "a/b"), asset("line", "a/b/c"), asset("machine", "a/b/c/m", ["oil", "force"]), asset("machine", "a/b/c/n", ["oil"]), asset("site", "z")]);
const rows = tree.sites.map(rowOf);

it("has the rows of a node once, and sensors below their machine", () => {
  const [site] = tree.sites;
  expect(site && rowOf(site)).toBe(rows[0]);
  expect(rows[0]?.children()[0]?.children()[0]?.children()[0]?.children().map((r) => r.path)).toEqual(["a/b/c/m/oil", "a/b/c/m/force"]);
  expect(above("a/b/c/m")).toEqual(["a", "a/b", "a/b/c"]);
});

it("shows what was found with what is above it, and no more", () => {
  const { rows: some, open } = filteredRows(tree, ["a/b/c/n/oil", "z"]);
  const paths: string[] = [];
  const walk = (all: typeof some): void => all.forEach((r) => { paths.push(r.path); if (open.has(r.path)) walk(r.children()); });
  walk(some);
  expect(paths).toEqual(["a", "a/b", "a/b/c", "a/b/c/n", "a/b/c/n/oil", "z"]);
});

it("knows at which line a place stands", () => {
  const open = new Set(["a", "a/b", "a/b/c"]);
  expect([lineOf(rows, open, "a/b/c/n"), lineOf(rows, open, "z"), lineOf(rows, open, "a/b/c/m/oil")]).toEqual([4, 5, -1]);
});

it("rolls alarms up to each place above", () => {
  const alarm = (sensor: string, severity: string, state: string): Alarm => ({ sensor, severity, state }) as unknown as Alarm;
  const found = troubles([alarm("a/b/c/m/oil", "medium", "unacknowledged"), alarm("a/b/c/n/oil", "critical", "acknowledged"), alarm("z/q/w/e/r", "high", "shelved")]);
  expect(found.get("a")).toEqual({ worst: "critical", waiting: 1 });
  expect(found.get("a/b/c/m")).toEqual({ worst: "medium", waiting: 1 });
  expect(found.has("z")).toBe(false);
});
