import { expect, it } from "vitest";
import type { Rule } from "@/shared/api/types";
import { growTree } from "@/shared/plant/tree";
import { wanted } from "./filter";

const machine = (path: string, type: string) => ({ path, slug: path, name: path, kind: "machine", type, labels: {}, sensors: [{ key: "t", path: `${path}/t`, name: "Oil temperature", unit: "Cel", datatype: "float", limits: {}, decimals: 1 }] });
const tree = growTree([machine("berlin/a/1/p", "press"), machine("dresden/a/1/r", "robot")] as never);
const rule = (id: string, more: object) => ({ id, name: id, scope: { sensor: "t", type: "press" }, condition: { above: 80 }, deadband: 0, on_delay: "0s", off_delay: "0s", severity: "high", channels: ["maintenance"], watches: 1, ...more }) as Rule;
const rules = [
  rule("Hot", {}), rule("Cold", { scope: { sensor: "dresden/a/1/r/t" }, condition: { below: 5 }, severity: "low", enabled: false }),
  rule("Ladder", { scope: { sensor: "t" }, condition: { levels: [{ above: 90, severity: "critical" }] }, watches: 0, channels: [] }),
];

it.each([
  [{}, ["Hot", "Cold", "Ladder"]], [{ q: "oil maintenance 80" }, ["Hot"]], [{ part: "dresden" }, ["Cold", "Ladder"]], [{ part: "berlin/a/1/p" }, ["Hot", "Ladder"]],
  [{ level: "critical" as const }, ["Ladder"]], [{ level: "high" as const }, ["Hot", "Ladder"]], [{ state: "off" as const }, ["Cold"]], [{ state: "on" as const }, ["Hot", "Ladder"]],
  [{ state: "idle" as const }, ["Ladder"]], [{ rule: "Cold" }, ["Cold"]], [{ q: "nothing" }, []],
])("%j", (filter, names) => expect(wanted(rules, filter, tree).map(({ name }) => name)).toEqual(names));
