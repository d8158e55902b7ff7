/** A rule as it is being typed, and the draft it becomes. Pure. */

import type { Datatype, Rule, RuleDraft, Scope, Severity, Within } from "@/shared/api/types";
import { valueText } from "@/shared/format/number";
import { durationMs } from "@/shared/format/time";
import { BLANK_CONDITION, conditionOf, fieldsOfCondition, type ConditionFields } from "./conditions";
import { numberOf } from "./limits";
import { conditionComplaints } from "./missing";
import { texts } from "./texts";

export interface Fields extends ConditionFields {
  name: string;
  /** One sensor by its path, or a key on all machines of a type or part. */
  one: boolean;
  sensor: string;
  key: string;
  type: string;
  under: string;
  labels: Record<string, string>;
  deadband: string;
  onDelay: string;
  offDelay: string;
  minimum: string;
  repeat: string;
  severity: Severity;
  channels: string[];
  policy: string;
  activeWhen: string;
  activeDuring: string[];
  suppressedBy: string;
  suppressedWithin: Within;
  group: string;
  groupWithin: Within;
  latch: boolean;
  realarm: string;
  cause: string;
  consequence: string;
  action: string;
  enabled: boolean;
}

export const BLANK: Fields = {
  ...BLANK_CONDITION,
  name: "", one: true, sensor: "", key: "", type: "", under: "", labels: {},
  deadband: "0", onDelay: "5s", offDelay: "5s", minimum: "0s", repeat: "1", severity: "medium", channels: [], policy: "",
  activeWhen: "", activeDuring: [], suppressedBy: "", suppressedWithin: "machine", group: "", groupWithin: "machine",
  latch: false, realarm: "", cause: "", consequence: "", action: "", enabled: true,
};

export function fieldsOf(rule: Rule): Fields {
  const { scope } = rule;
  const one = scope.sensor.includes("/");
  return {
    ...fieldsOfCondition(rule.condition, rule.severity),
    name: rule.name, one, sensor: one ? scope.sensor : "", key: one ? "" : scope.sensor, type: scope.type ?? "", under: scope.under ?? "", labels: scope.labels ?? {},
    deadband: String(rule.deadband), onDelay: rule.on_delay, offDelay: rule.off_delay, minimum: rule.minimum ?? "0s", repeat: String(rule.repeat ?? 1),
    severity: rule.severity, channels: rule.channels, policy: rule.policy ?? "",
    activeWhen: rule.active_when ?? "", activeDuring: rule.active_during ?? [],
    suppressedBy: rule.suppressed_by?.rule ?? "", suppressedWithin: rule.suppressed_by?.within ?? "machine",
    group: rule.group?.name ?? "", groupWithin: rule.group?.within ?? "machine",
    latch: rule.latch ?? false, realarm: rule.realarm ?? "", cause: rule.cause ?? "", consequence: rule.consequence ?? "", action: rule.action ?? "",
    enabled: rule.enabled ?? true,
  };
}

/** All that still keeps the rule from being saved, a sentence each, in the order of the form. */
export function complaints(f: Fields, datatype?: Datatype): string[] {
  const deadband = numberOf(f.deadband);
  const [low, high] = [numberOf(f.low), numberOf(f.high)];
  const delays = [f.onDelay, f.offDelay, f.minimum, ...(f.realarm.trim() ? [f.realarm] : [])];
  const say = texts().missing;
  const said: (string | false)[] = [
    !f.name.trim() && say.name,
    f.one && !f.sensor && say.sensor,
    !f.one && !f.type && !f.under && Object.keys(f.labels).length === 0 && say.machines,
    !f.one && !f.key && say.key,
    ...conditionComplaints(f, datatype),
    !(deadband >= 0) && say.deadband,
    f.form === "outside" && low < high && 2 * deadband >= high - low && say.deadbandBelow(valueText((high - low) / 2, 2)),
    delays.some((delay) => Number.isNaN(durationMs(delay))) && say.delays,
    !(Number.isInteger(numberOf(f.repeat)) && numberOf(f.repeat) >= 1) && say.repeat,
  ];
  return said.filter((sentence) => sentence !== false);
}

export function scopeOf(f: Fields): Scope {
  if (f.one) return { sensor: f.sensor };
  return { sensor: f.key, ...(f.type && { type: f.type }), ...(f.under && { under: f.under }), ...(Object.keys(f.labels).length > 0 && { labels: f.labels }) };
}

/** The draft; tests that a rule was written with are no field of it, and stay as they are. */
export function draftOf(f: Fields, datatype?: Datatype): RuleDraft {
  return {
    name: f.name.trim(), scope: scopeOf(f), condition: conditionOf(f, datatype), deadband: numberOf(f.deadband),
    on_delay: f.onDelay.trim(), off_delay: f.offDelay.trim(), minimum: f.minimum.trim(), repeat: numberOf(f.repeat),
    severity: f.severity, channels: f.channels, policy: f.policy || null,
    active_when: f.activeWhen.trim() || null, active_during: f.activeDuring,
    suppressed_by: f.suppressedBy ? { rule: f.suppressedBy, within: f.suppressedWithin } : null,
    group: f.group.trim() ? { name: f.group.trim(), within: f.groupWithin } : null,
    latch: f.latch, realarm: f.realarm.trim() || null,
    cause: f.cause.trim(), consequence: f.consequence.trim(), action: f.action.trim(), enabled: f.enabled,
  };
}

/** How many of the settings below the fold differ from those of a new rule. */
export function moreSet(f: Fields): number {
  const usual: (keyof Fields)[] = ["minimum", "repeat", "activeWhen", "suppressedBy", "group", "latch", "realarm"];
  return usual.filter((name) => f[name] !== BLANK[name]).length + Number(f.activeDuring.length > 0);
}
