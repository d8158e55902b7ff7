/** Who is called when something is wrong with a machine: its rules name channels and policies, these channels and schedules. Pure. */

import type { Policy, Rule, Schedule, Severity } from "@/shared/api/types";
import { rankOf } from "@/shared/plant/condition";
import { isBelow, parentOf, type Node } from "@/shared/plant/tree";

/** Somebody who is called, and how long after the alarm; `schedule` where the name is that of a rota. */
export interface Call {
  name: string;
  /** As the policy says: `0s`, `15m`. */
  after: string;
  schedule: Schedule | undefined;
  /** Of the rules that lead there the worst severity, and how many. */
  severity: Severity;
  rules: number;
}

type Watching = Pick<Rule, "scope" | "enabled" | "severity" | "channels" | "policy">;

/** Whether a rule may raise an alarm of this machine. */
export function watches({ scope }: Pick<Rule, "scope">, machine: Pick<Node, "path" | "type" | "labels" | "sensors">): boolean {
  if (scope.sensor.includes("/")) return parentOf(scope.sensor) === machine.path;
  if (scope.type && scope.type !== machine.type) return false;
  if (scope.under && !isBelow(machine.path, scope.under)) return false;
  if (!(machine.sensors ?? []).some(({ key }) => key === scope.sensor)) return false;
  return Object.entries(scope.labels ?? {}).every(([key, value]) => machine.labels?.[key] === value);
}

interface Plans {
  policies: readonly Pick<Policy, "name" | "steps">[];
  schedules: readonly Schedule[];
}

/** Who is called by a rule, and how long after: its channels at once, and those of its policy step by step. */
function stepsOf({ channels, policy: named }: Watching, { policies }: Plans): { name: string; after: string }[] {
  const steps = policies.find((p) => p.name === named)?.steps ?? [];
  return [{ after: "0s", to: channels }, ...steps].flatMap(({ after, to }) => to.map((name) => ({ name, after })));
}

/** Everybody whom alarms of the machine call, the worst severity first, and each of them once. */
export function callsOf(machine: Pick<Node, "path" | "type" | "labels" | "sensors">, rules: readonly Watching[], plans: Plans): Call[] {
  const calls = new Map<string, Call>();
  for (const rule of rules.filter(({ enabled, scope }) => enabled && watches({ scope }, machine))) {
    const { severity } = rule;
    for (const { name, after } of stepsOf(rule, plans)) {
      const key = `${name} ${after}`;
      const old = calls.get(key);
      const worst = old && rankOf(old.severity) < rankOf(severity) ? old.severity : severity;
      calls.set(key, { name, after, severity: worst, rules: (old?.rules ?? 0) + 1, schedule: plans.schedules.find((s) => s.name === name) });
    }
  }
  return [...calls.values()].sort((a, b) => rankOf(a.severity) - rankOf(b.severity));
}
