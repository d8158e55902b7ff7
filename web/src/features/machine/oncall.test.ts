import { expect, it } from "vitest";
import type { Rule, Schedule } from "@/shared/api/types";
import type { Node } from "@/shared/plant/tree";
import { callsOf, watches } from "./oncall";

const MACHINE = { path: "b/p/1/r", type: "robot", labels: { maker: "kuka" }, sensors: [{ key: "heat" }] } as unknown as Node;
const scope = (sensor: string, more: object = {}) => ({ scope: { sensor, type: null, under: null, labels: {}, ...more } }) as unknown as Rule;

it.each([
  [scope("b/p/1/r/heat"), true], [scope("b/p/1/r2/heat"), false], [scope("heat", { type: "robot" }), true], [scope("heat", { type: "press" }), false],
  [scope("heat", { under: "b/p" }), true], [scope("heat", { under: "b/q" }), false], [scope("cold", { type: "robot" }), false],
  [scope("heat", { labels: { maker: "kuka" } }), true], [scope("heat", { labels: { maker: "abb" } }), false],
])("knows the rules that watch a machine: %#", (rule, is) => expect(watches(rule, MACHINE)).toBe(is));

it("follows the names of rules through policies to people and rotas, each of them once", () => {
  const rule = (severity: string, channels: string[], policy: string | null = null, enabled = true) =>
    ({ ...scope("heat", { type: "robot" }), severity, channels, policy, enabled }) as Rule;
  const rota = { id: "s", name: "rota", zone: "UTC", layers: [] } as Schedule;
  const plans = { policies: [{ name: "night", steps: [{ after: "0s", to: ["rota"] }, { after: "15m", to: ["boss"] }] }], schedules: [rota] };
  const calls = callsOf(MACHINE, [rule("low", ["mail"]), rule("critical", [], "night"), rule("high", [], "night"), rule("high", ["off"], null, false)], plans);
  expect(calls).toEqual([
    { name: "rota", after: "0s", schedule: rota, severity: "critical", rules: 2 }, { name: "boss", after: "15m", schedule: undefined, severity: "critical", rules: 2 },
    { name: "mail", after: "0s", schedule: undefined, severity: "low", rules: 1 },
  ]);
});
