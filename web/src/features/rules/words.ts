/** Rules as sentences, and drafts from what stands in a form. Pure. */

import type { Condition, Rule, RuleDraft, Scope, Severity } from "@/shared/api/types";
import { durationMs } from "@/shared/format/time";

/** `below 22`, `above 80`, `outside 5.2 to 7.5`. */
export function conditionText(condition: Condition, unit = ""): string {
  const end = unit && ` ${unit}`;
  if ("above" in condition) return `above ${condition.above}${end}`;
  if ("below" in condition) return `below ${condition.below}${end}`;
  return `outside ${condition.outside[0]} to ${condition.outside[1]}${end}`;
}

/** `berlin/…/temperature`, or `temperature of every robot below berlin`. */
export function scopeText({ sensor, type, under }: Scope): string {
  if (sensor.includes("/")) return sensor;
  return `${sensor} of every ${type || "machine"}${under ? ` below ${under}` : ""}`;
}

export type Form = "above" | "below" | "outside";

/** A rule as it is being typed. */
export interface Fields {
  name: string;
  /** One sensor by its path, or a key on all machines of a type or part. */
  one: boolean;
  sensor: string;
  key: string;
  type: string;
  under: string;
  form: Form;
  low: string;
  high: string;
  deadband: string;
  onDelay: string;
  offDelay: string;
  severity: Severity;
  channels: string[];
}

export const BLANK: Fields = {
  name: "", one: true, sensor: "", key: "", type: "", under: "", form: "above", low: "", high: "",
  deadband: "0", onDelay: "5s", offDelay: "5s", severity: "medium", channels: [],
};

export function fieldsOf(rule: Rule): Fields {
  const { condition, scope } = rule;
  const one = scope.sensor.includes("/");
  const form: Form = "above" in condition ? "above" : "below" in condition ? "below" : "outside";
  const [low, high] = "outside" in condition ? condition.outside : "above" in condition ? ["", condition.above] : [condition.below, ""];
  return {
    name: rule.name, one, sensor: one ? scope.sensor : "", key: one ? "" : scope.sensor, type: scope.type ?? "", under: scope.under ?? "",
    form, low: String(low), high: String(high), deadband: String(rule.deadband), onDelay: rule.on_delay, offDelay: rule.off_delay,
    severity: rule.severity, channels: rule.channels,
  };
}

/** A number as people type it, `4,5` too; NaN when it is none. */
export const numberOf = (text: string): number => (text.trim() ? Number(text.trim().replace(",", ".")) : Number.NaN);

/** What still keeps the rule from being saved, in one sentence; '' when nothing does. */
export function complaint(f: Fields): string {
  if (!f.name.trim()) return "Give the rule a name.";
  if (f.one && !f.sensor) return "Choose the sensor to watch.";
  if (!f.one && !f.key) return "Choose which sensor of the machines to watch.";
  if (!f.one && !f.type && !f.under) return "Choose a machine type, a part of the plant, or both.";
  const [low, high] = [numberOf(f.low), numberOf(f.high)];
  if (f.form !== "below" && !Number.isFinite(high)) return "Enter the upper limit as a number.";
  if (f.form !== "above" && !Number.isFinite(low)) return "Enter the lower limit as a number.";
  if (f.form === "outside" && low >= high) return "The lower limit must be below the upper one.";
  const deadband = numberOf(f.deadband);
  if (!(deadband >= 0)) return "Enter the deadband as a number, 0 or more.";
  if (f.form === "outside" && 2 * deadband >= high - low) return `The deadband must be less than ${(high - low) / 2}.`;
  if (Number.isNaN(durationMs(f.onDelay)) || Number.isNaN(durationMs(f.offDelay))) return "Write delays like 500ms, 5s or 10m.";
  return "";
}

function scopeOf(f: Fields): Scope {
  if (f.one) return { sensor: f.sensor };
  return { sensor: f.key, ...(f.type && { type: f.type }), ...(f.under && { under: f.under }) };
}

export function draftOf(f: Fields): RuleDraft {
  const [low, high] = [numberOf(f.low), numberOf(f.high)];
  const condition: Condition = f.form === "above" ? { above: high } : f.form === "below" ? { below: low } : { outside: [low, high] };
  return {
    name: f.name.trim(), scope: scopeOf(f), condition, deadband: numberOf(f.deadband),
    on_delay: f.onDelay.trim(), off_delay: f.offDelay.trim(), severity: f.severity, channels: f.channels,
  };
}
