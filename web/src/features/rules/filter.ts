/** Which rules a filter lets through. Pure. */

import type { Rule } from "@/shared/api/types";
import { isBelow, type Tree } from "@/shared/plant/tree";
import type { RulesFilter, State } from "./view";
import { placeText, ruleText, sampleOf, watchedBy, watchesNothing } from "./words";

const IS: Record<State, (rule: Rule) => boolean> = {
  on: ({ enabled }) => enabled !== false,
  off: ({ enabled }) => enabled === false,
  idle: watchesNothing,
};

const isIn = (rule: Rule, part: string, tree: Tree): boolean => watchedBy(tree, rule.scope).some(({ path }) => isBelow(path, part));

function hasWords(rule: Rule, words: readonly string[], tree: Tree): boolean {
  if (words.length === 0) return true;
  const { name, scope, channels, policy, group } = rule;
  const all = [name, ruleText(rule, sampleOf(tree, scope)), placeText(tree, scope), scope.sensor, ...channels, policy ?? "", group?.name ?? ""].join(" ").toLowerCase();
  return words.every((word) => all.includes(word));
}

/** The rules that match, in their order. */
export function wanted(rules: readonly Rule[], { q = "", part, level, state, rule: only }: RulesFilter, tree: Tree): Rule[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return rules.filter((rule) =>
    (!only || rule.id === only)
    && (!level || rule.severity === level || rule.condition.levels?.some((one) => one.severity === level))
    && (!state || IS[state](rule))
    && (!part || isIn(rule, part, tree))
    && hasWords(rule, words, tree));
}
