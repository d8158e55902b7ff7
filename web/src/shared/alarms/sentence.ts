/**
 * What is wrong, in the language and the numbers of whoever reads. Pure.
 *
 * Alerting says it once, in English, when it raises an alarm: `Oil temperature is 81.2 °C, above 65 °C`. Its sentences
 * are few; each is taken apart here and said anew. One that is none of them is shown as alerting wrote it.
 */

import { valueText } from "@/shared/format/number";
import { catalogue, listText } from "@/shared/texts/catalogue";

/** Says a sentence of its parts; `on`: whether the alarm still is. */
type Say = (on: boolean, ...parts: string[]) => string;

const sayings = catalogue<Record<Kind, Say>>({
  compared: (on, name, value, side, limit) => `${name} ${on ? "is" : "was"} ${value}, ${side} ${limit}`,
  deviates: (on, name, value, side, other, allowed) => `${name} ${on ? "is" : "was"} ${value} ${side} ${other}; ${allowed} is allowed`,
  changes: (on, name, verb, value, allowed) => `${name} ${on ? verb : verb === "rises" ? "rose" : "fell"} ${value}; ${allowed} is allowed`,
  unusual: (on, name, count, side, over, allowed) => `${name} ${on ? "is" : "was"} unusual: ${count} deviations ${side} its last ${over}, ${allowed} is allowed`,
  passed: (_, name, limits, count, within) => `${name} passed ${limits} ${count} times within ${within}`,
  silent: (on, name, length) => (on ? `${name} has said nothing for ${length}` : `${name} said nothing for ${length}`),
  unchanged: (on, name, length) => (on ? `${name} has not changed for ${length}` : `${name} did not change for ${length}`),
  doubted: (on, name, qualities) => `${name} ${on ? "is" : "was"} of ${qualities} quality`,
  before: (on, name) => `${name} ${on ? "is" : "was"} as it was`,
  stands: (on, name, value) => `${name} ${on ? "is" : "was"} ${value}`,
}, {
  compared: (on, name, value, side, limit) => `${name} ${on ? "liegt" : "lag"} bei ${value}, ${SIDE[side ?? ""]} ${limit}`,
  deviates: (on, name, value, side, other, allowed) => `${name} ${on ? "liegt" : "lag"} ${value} ${SIDE[side ?? ""]} ${other}; erlaubt: ${allowed}`,
  changes: (on, name, verb, value, allowed) => `${name} ${verb === "rises" ? (on ? "steigt" : "stieg") : on ? "fällt" : "fiel"} um ${value}; erlaubt: ${allowed}`,
  unusual: (on, name, count, side, over, allowed) => `${name} ${on ? "ist" : "war"} ungewöhnlich: ${count} Abweichungen ${SIDE[side ?? ""]} den letzten ${over}; erlaubt: ${allowed}`,
  passed: (_, name, limits, count, within) => `${name} hat ${limits} in ${within} ${count}-mal verletzt`,
  silent: (on, name, length) => (on ? `${name} meldet seit ${length} nichts` : `${name} meldete ${length} lang nichts`),
  unchanged: (on, name, length) => (on ? `${name} ändert sich seit ${length} nicht` : `${name} änderte sich ${length} lang nicht`),
  doubted: (on, name, qualities = "") => `${name} ${on ? "liefert" : "lieferte"} Werte der Qualität ${listText(qualities.split(" or ").map((q) => QUALITY[q] ?? q), "disjunction")}`,
  before: (on, name) => `${name} ${on ? "ist" : "war"} wie zuvor`,
  stands: (on, name, value = "") => `${name} ${on ? "steht" : "stand"} auf ${SWITCH[value] ?? value}`,
});

const SIDE: Record<string, string> = { above: "über", below: "unter" };
const QUALITY: Record<string, string> = { bad: "schlecht", stale: "veraltet", uncertain: "unsicher", good: "gut" };
const SWITCH: Record<string, string> = { true: "Ein", false: "Aus" };

type Kind = "compared" | "deviates" | "changes" | "unusual" | "passed" | "silent" | "unchanged" | "doubted" | "before" | "stands";

/** Tried in this order. The greedy name goes on to the last verb: an earlier one can only be part of the name. */
const FORMS: readonly (readonly [Kind, RegExp])[] = [
  ["deviates", /^(.+) is (\S+(?: \S+)?) (above|below) ([^;]+); (.+) is allowed$/],
  ["unusual", /^(.+) is unusual: (\S+) deviations (above|below) its last ([^,]+), (.+) is allowed$/],
  ["changes", /^(.+) (rises|falls) ([^;]+); (.+) is allowed$/],
  ["compared", /^(.+) is ([^,]+), (above|below) (.+)$/],
  ["passed", /^(.+) passed (.+) (\d+) times within (.+)$/],
  ["silent", /^(.+) has said nothing for (.+)$/],
  ["unchanged", /^(.+) has not changed for (.+)$/],
  ["doubted", /^(.+) is of (.+) quality$/],
  ["before", /^(.+) is as it was$/],
  ["stands", /^(.+) is (.+)$/],
];

/** A number of plain digits: no part of a name or a time, which keep their spelling. */
const NUMBER = /^-?\d+(\.\d{1,6})?(?=$|[ /%])/;
const localised = (part: string): string => part.replace(NUMBER, (digits, decimals: string | undefined) => valueText(Number(digits), (decimals?.length ?? 1) - 1));

/** The sentence about an alarm whose cause is there (`on`), or was. */
export function sentence(message: string, on: boolean): string {
  for (const [kind, form] of FORMS) {
    const found = form.exec(message);
    if (!found) continue;
    const [, name = "", ...parts] = found;
    return sayings()[kind](on, name, ...parts.map(localised));
  }
  return message;
}

/** Whether a value was held against a limit of its own unit, and not its rate or its difference from something. */
export const isCompared = (message: string): boolean => FORMS.find(([, form]) => form.test(message))?.[0] === "compared";
