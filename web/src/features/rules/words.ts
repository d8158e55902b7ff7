/** Rules as sentences. Pure. */

import type { Condition, LevelDraft, Limit, Rule, RuleDraft, Scope, Sensor } from "@/shared/api/types";
import { valueText } from "@/shared/format/number";
import { durationMs, spanText } from "@/shared/format/time";
import { unitText } from "@/shared/format/units";
import { texts as plantTexts } from "@/shared/plant/texts";
import { findSensor, isBelow, parentOf, trail, type Tree } from "@/shared/plant/tree";
import { levelText } from "@/shared/ui/Mark";
import { wordTexts } from "./wordTexts";

/** A number and its unit stay on one line. */
const NB = "\u00a0";

/** A node has the labels of those it stands in; its own count for more. */
const labelsAt = (tree: Tree, path: string): Record<string, string> => Object.assign({}, ...trail(tree, path).map(({ labels }) => labels)) as Record<string, string>;

/** The sensors that a scope matches. */
export function watchedBy(tree: Tree, { sensor, type, under, labels }: Scope): Sensor[] {
  if (sensor.includes("/")) return [findSensor(tree, sensor)].filter((one) => one !== undefined);
  const machines = tree.machines.filter((m) => (!type || m.type === type) && isBelow(m.path, under ?? ""));
  const has = Object.entries(labels ?? {});
  return machines.filter((m) => has.every(([name, value]) => labelsAt(tree, m.path)[name] === value)).flatMap((m) => m.sensors ?? []).filter((s) => s.key === sensor);
}

/** The first of them: it lends the rule its name, unit and decimals. */
export const sampleOf = (tree: Tree, scope: Scope): Sensor | undefined => watchedBy(tree, { ...scope, labels: {} })[0];

/** Whether a rule that is in force has no sensor to watch; not so while alerting does not know the plant. */
export const watchesNothing = ({ watches, enabled }: Pick<Rule, "watches" | "enabled">): boolean => watches === 0 && enabled !== false;

/** The sensor's name and what counts as trouble: `Gearbox temperature above 80 °C`. */
export function ruleText({ condition, scope }: Pick<RuleDraft, "scope"> & { condition: Condition }, sample?: Sensor): string {
  const name = sample?.name || scope.sensor;
  return "expression" in condition ? `${name}: ${conditionText(condition, sample)}` : `${name} ${conditionText(condition, sample)}`;
}

const OWN_VALUE = ["above", "below", "outside", "levels"];

/** `above 80 °C`, `outside 5.2 to 7.5 bar`, `silent for 30 s`, `changes per min, over 10 min, above 3`. */
export function conditionText(c: Condition, sample?: Sensor): string {
  const say = wordTexts();
  // Only what is compared as it was measured is in the sensor's unit.
  const own = Object.keys(c).every((word) => OWN_VALUE.includes(word)) ? sample : undefined;
  const compared = c.levels ? c.levels.map((level) => `${bandText(level, own)}${level.severity ? ` (${levelText(level.severity)})` : ""}`).join(", ") : bandText(c, own);
  if (c.equals !== undefined) return say.says([c.equals].flat().map(String));
  if (c.silent !== undefined) return say.silent(lasts(c.silent));
  if (c.unchanged !== undefined) return say.unchanged(lasts(c.unchanged));
  if (c.quality !== undefined) return say.quality([c.quality].flat().map((one) => plantTexts().qualities[one]));
  if (c.deviation_from !== undefined) return say.minus(typeof c.deviation_from === "number" ? limitText(c.deviation_from) : c.deviation_from, compared);
  if (c.rate_over !== undefined) return say.rate(c.per ?? "min", lasts(c.rate_over), compared);
  if (c.score_over !== undefined) return say.score(lasts(c.score_over), compared);
  if (c.count !== undefined) return say.count(String(c.count), lasts(c.within ?? ""), conditionText(c.of ?? {}, sample));
  if (c.expression !== undefined) return `${c.expression}${compared && ` ${compared}`}`;
  return compared || JSON.stringify(c);
}

function bandText({ above, below, outside }: LevelDraft, sample?: Sensor): string {
  const say = wordTexts();
  const unit = unitText(sample?.unit);
  const show = (limit: Limit): string => (typeof limit === "number" ? limitText(limit) : say.own(limit.toUpperCase()));
  const whole = (limit: Limit): string => `${show(limit)}${typeof limit === "number" && unit ? `${NB}${unit}` : ""}`;
  if (above !== undefined) return say.above(whole(above));
  if (below !== undefined) return say.below(whole(below));
  return outside ? say.outside(typeof outside[1] === "number" ? show(outside[0]) : whole(outside[0]), whole(outside[1])) : "";
}

const MOST_DIGITS = 6;

/** A limit as somebody wrote it, in the numbers of whoever reads: no digit is lost, and none made up. */
export const limitText = (limit: number): string => valueText(limit, Math.min(MOST_DIGITS, String(limit).split(".")[1]?.length ?? 0));

const partText = (tree: Tree, path: string): string => trail(tree, path).map((n) => n.name || n.slug).join(" › ") || path;

/** `Berlin › Painting › Line 1 › Robot 3` for one sensor; `every robot in Painting`. */
export function placeText(tree: Tree, { sensor, type, under }: Scope): string {
  if (sensor.includes("/")) return partText(tree, parentOf(sensor));
  return wordTexts().every(type ?? "", under ? partText(tree, under) : "");
}

const sizeText = (size: number, sample?: Sensor): string => {
  const unit = unitText(sample?.unit);
  return `${limitText(size)}${unit && `${NB}${unit}`}`;
};

/** `only while …`, `only during early shift`, `not while “Power gone” is active` */
function gateTexts({ active_when: gate, active_during: during = [], suppressed_by: by }: RuleDraft): string[] {
  const say = wordTexts();
  return [gate && say.onlyWhile(gate), during.length > 0 && say.onlyDuring(during), by && say.notWhile(by.rule)].filter((one) => typeof one === "string" && one !== "") as string[];
}

/** `deadband 2 °C · on after 5 s · off after 10 s · latched · only while …`; what is not set is left out. */
export function delayText(rule: Rule, sample?: Sensor): string {
  const say = wordTexts();
  const { deadband, on_delay, off_delay, minimum = "0s", repeat = 1 } = rule;
  return [
    deadband > 0 && say.deadband(sizeText(deadband, sample)),
    durationMs(on_delay) > 0 && say.onAfter(lasts(on_delay)),
    repeat > 1 && say.inARow(String(repeat)),
    durationMs(off_delay) > 0 && say.offAfter(lasts(off_delay)),
    durationMs(minimum) > 0 && say.atLeast(lasts(minimum)),
    rule.latch && say.latched,
    ...gateTexts(rule),
  ].filter(Boolean).join(" · ");
}

/** The whole rule in plain words, a sentence each. */
export function plainWords(draft: RuleDraft & { condition: Condition }, tree: Tree, sample?: Sensor): string[] {
  const say = wordTexts();
  const { deadband = 0, on_delay = "0s", off_delay = "0s", minimum = "0s", repeat = 1, channels = [], policy } = draft;
  const holds = [durationMs(on_delay) > 0 && say.forLength(lasts(on_delay)), repeat > 1 && say.inRow(String(repeat))].filter(Boolean).join(", ");
  const over = [
    deadband > 0 ? say.comesBack(sizeText(deadband, sample)) : say.noLonger,
    durationMs(off_delay) > 0 && say.goodFor(lasts(off_delay)),
    durationMs(minimum) > 0 && say.notBefore(lasts(minimum)),
    draft.latch && say.reset,
  ].filter((one) => typeof one === "string");
  const told = [...channels, ...(policy ? [policy] : [])];
  const gates = gateTexts(draft);
  return [
    say.raises(levelText(draft.severity ?? "medium"), ruleText(draft, sample), holds),
    say.watches(placeText(tree, draft.scope)),
    say.over(over),
    ...(gates.length > 0 ? [say.only(gates)] : []),
    told.length > 0 ? say.tells(told) : say.tellsNobody,
    ...(draft.enabled === false ? [say.off] : []),
  ];
}

const lasts = (text: string): string => spanText(text).replaceAll(" ", NB);
