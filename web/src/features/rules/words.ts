/** Rules as sentences. Pure. */

import type { Condition, LevelDraft, Limit, Rule, Scope, Sensor } from "@/shared/api/types";
import { valueText } from "@/shared/format/number";
import { durationMs, spanText } from "@/shared/format/time";
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

/** Whether a rule that is in force has no sensor to watch; not so while alerting does not know the plant. */
export const watchesNothing = ({ watches, enabled }: Pick<Rule, "watches" | "enabled">): boolean => watches === 0 && enabled !== false;
export const IDLE_TEXT = "It is saved, and watches no sensor, so it never raises an alarm: look at its scope, and at the names in its condition and in “Only while”.";

/** The sensor's name and what counts as trouble: `Gearbox temperature above 80.0 °C`. */
export function ruleText({ condition, scope }: Rule, sample?: Sensor): string {
  const name = sample?.name || scope.sensor;
  return "expression" in condition ? `${name}: ${conditionText(condition, sample)}` : `${name} ${conditionText(condition, sample)}`;
}

/** `above 80.0 °C`, `outside 5.20 to 7.50 bar`, `silent for 30 s`, `rises or falls by more than …`. */
export function conditionText(condition: Condition, sample?: Sensor): string {
  const { equals, silent, levels } = condition;
  // Only what is compared as it was measured is in the sensor's unit.
  const own = Object.keys(condition).every((word) => ["above", "below", "outside", "levels"].includes(word)) ? sample : undefined;
  const compared = levels ? levels.map((level) => `${levelText(level, own)}${level.severity ? ` (${level.severity})` : ""}`).join(", ") : levelText(condition, own);
  const text = (word: keyof Condition): string => String(condition[word]);
  if (equals !== undefined) return `says ${[equals].flat().map(String).join(" or ")}`;
  if (silent !== undefined) return `silent for ${lasts(silent)}`;
  if ("unchanged" in condition) return `unchanged for ${lasts(text("unchanged"))}`;
  if ("quality" in condition) return `is ${[condition["quality"]].flat().map(String).join(" or ")}`;
  if ("deviation_from" in condition) return `minus ${text("deviation_from")} ${compared}`;
  if ("rate_over" in condition) return `changes per ${String(condition["per"] ?? "min")}, over ${lasts(text("rate_over"))}, ${compared}`;
  if ("score_over" in condition) return `against its last ${lasts(text("score_over"))} ${compared} (robust z-score)`;
  if ("count" in condition) return `${text("count")} times within ${lasts(text("within"))} ${conditionText(condition.of ?? {}, sample)}`;
  if ("expression" in condition) return `${text("expression")}${compared && ` ${compared}`}`;
  return compared || JSON.stringify(condition);
}

function levelText({ above, below, outside }: LevelDraft, sample?: Sensor): string {
  const unit = unitText(sample?.unit);
  const show = (limit: Limit): string => (typeof limit === "number" ? limitText(limit, sample) : `its ${limit.toUpperCase()} limit`);
  const end = (...limits: Limit[]): string => (unit && limits.some((limit) => typeof limit === "number") ? `${NB}${unit}` : "");
  if (above !== undefined) return `above ${show(above)}${end(above)}`;
  if (below !== undefined) return `below ${show(below)}${end(below)}`;
  return outside ? `outside ${outside.map(show).join(" to ")}${end(...outside)}` : "";
}

/** A limit never loses digits that somebody wrote. */
export const limitText = (limit: number, sample?: Sensor): string =>
  valueText(limit, Math.max(sample?.decimals ?? 0, String(limit).split(".")[1]?.length ?? 0));

/** `Berlin › Painting › Line 1 › Robot 3` for one sensor; `every robot in Painting`. */
export function placeText(tree: Tree, { sensor, type, under }: Scope): string {
  if (sensor.includes("/")) return trail(tree, parentOf(sensor)).map((n) => n.name || n.slug).join(" › ") || parentOf(sensor);
  return `every ${type || "machine"}${under ? ` in ${trail(tree, under).map((n) => n.name || n.slug).join(" › ") || under}` : ""}`;
}

/** `deadband 2.0 °C · on after 5 s · off after 10 s · latched · only while …`; what is not set is left out. */
export function delayText(rule: Rule, sample?: Sensor): string {
  const unit = unitText(sample?.unit);
  const { deadband, on_delay, off_delay, minimum = "0s", repeat = 1 } = rule;
  return [
    deadband > 0 && `deadband ${limitText(deadband, sample)}${unit && `${NB}${unit}`}`,
    durationMs(on_delay) > 0 && `on after ${lasts(on_delay)}`,
    repeat > 1 && `${repeat} samples in a row`,
    durationMs(off_delay) > 0 && `off after ${lasts(off_delay)}`,
    durationMs(minimum) > 0 && `at least ${lasts(minimum)}`,
    rule.latch && "latched",
    rule.active_when && `only while ${rule.active_when}`,
    (rule.active_during ?? []).length > 0 && `only during ${rule.active_during?.join(", ")}`,
    rule.suppressed_by && `not while “${rule.suppressed_by.rule}” is active`,
  ].filter(Boolean).join(" · ");
}

const lasts = (text: string): string => spanText(text).replaceAll(" ", NB);
