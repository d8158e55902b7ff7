/** Rules as sentences, and drafts from what stands in a form. Pure. */

import type { Condition, Rule, RuleDraft, Scope, Sensor, Severity } from "@/shared/api/types";
import { valueText } from "@/shared/format/number";
import { durationMs, lengthText } from "@/shared/format/time";
import { unitText } from "@/shared/format/units";
import { findSensor, isBelow, parentOf, trail, type Tree } from "@/shared/plant/tree";

/** A number and its unit stay on one line. */
const NB = "\u00a0";

/** The first sensor a scope matches: it lends the rule its name, unit and decimals. */
export function sampleOf(tree: Tree, { sensor, type, under }: Scope): Sensor | undefined {
  if (sensor.includes("/")) return findSensor(tree, sensor);
  const machines = tree.machines.filter((m) => (!type || m.type === type) && isBelow(m.path, under ?? ""));
  return machines.flatMap((m) => m.sensors ?? []).find((s) => s.key === sensor);
}

/** `below 22.0 m³/h`, `above 80.0 °C`, `outside 5.20 to 7.50 bar`. */
export function conditionText(condition: Condition, sample?: Sensor): string {
  const show = (limit: number): string => limitText(limit, sample);
  const unit = unitText(sample?.unit);
  const end = unit && `${NB}${unit}`;
  if ("above" in condition) return `above ${show(condition.above)}${end}`;
  if ("below" in condition) return `below ${show(condition.below)}${end}`;
  return `outside ${condition.outside.map(show).join(" to ")}${end}`;
}

/** A limit never loses digits that somebody wrote. */
export const limitText = (limit: number, sample?: Sensor): string =>
  valueText(limit, Math.max(sample?.decimals ?? 0, String(limit).split(".")[1]?.length ?? 0));

/** `Berlin › Painting › Line 1 › Robot 3` for one sensor; `every robot in Painting`. */
export function placeText(tree: Tree, { sensor, type, under }: Scope): string {
  if (sensor.includes("/")) return trail(tree, parentOf(sensor)).map((n) => n.name || n.slug).join(" › ") || parentOf(sensor);
  return `every ${type || "machine"}${under ? ` in ${trail(tree, under).map((n) => n.name || n.slug).join(" › ") || under}` : ""}`;
}

/** `deadband 2.0 °C · on after 5 s · off after 10 s`; what is 0 is left out. */
export function delayText({ deadband, on_delay, off_delay }: Rule, sample?: Sensor): string {
  const unit = unitText(sample?.unit);
  return [
    deadband > 0 && `deadband ${limitText(deadband, sample)}${unit && `${NB}${unit}`}`,
    durationMs(on_delay) > 0 && `on after ${delay(on_delay)}`,
    durationMs(off_delay) > 0 && `off after ${delay(off_delay)}`,
  ].filter(Boolean).join(" · ");
}

const delay = (text: string): string => (durationMs(text) < 1000 ? `${durationMs(text)}${NB}ms` : lengthText(durationMs(text)).replaceAll(" ", NB));

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

/** All that still keeps the rule from being saved, a sentence each, in the order of the form. */
export function complaints(f: Fields): string[] {
  const [low, high, deadband] = [numberOf(f.low), numberOf(f.high), numberOf(f.deadband)];
  const said: (string | false)[] = [
    !f.name.trim() && "Give the rule a name.",
    f.one && !f.sensor && "Choose the sensor to watch.",
    !f.one && !f.type && !f.under && "Choose a machine type, a part of the plant, or both.",
    !f.one && !f.key && "Choose which sensor of the machines to watch.",
    f.form !== "above" && !Number.isFinite(low) && `Enter the ${f.form === "below" ? "" : "lower "}limit as a number.`,
    f.form !== "below" && !Number.isFinite(high) && `Enter the ${f.form === "above" ? "" : "upper "}limit as a number.`,
    f.form === "outside" && low >= high && "The lower limit must be below the upper one.",
    !(deadband >= 0) && "Enter the deadband as a number, 0 or more.",
    f.form === "outside" && low < high && 2 * deadband >= high - low && `The deadband must be less than ${(high - low) / 2}.`,
    [f.onDelay, f.offDelay].some((delay) => Number.isNaN(durationMs(delay))) && "Write delays like 500ms, 5s or 10m.",
  ];
  return said.filter((sentence) => sentence !== false);
}

export function scopeOf(f: Fields): Scope {
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
