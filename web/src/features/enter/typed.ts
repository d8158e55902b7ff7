/** Numbers as people type them, with a comma or a point. Pure. */

import { locale } from "@/shared/preferences/preferences";

/** What is typed: a number, or why it is none. `thousand`: it may be meant as a thousand or as a fraction. */
export type NumberFault = "noNumber" | "thousand";
export type Typed = { value: number } | { fault: NumberFault };

/** The sign before the decimals, in the numbers of the reader. */
export const decimalSign = (): string => new Intl.NumberFormat(locale()).formatToParts(1.5).find(({ type }) => type === "decimal")?.value ?? ".";

const isGrouped = (whole: string, group: string): boolean => whole.split(group).every((part, i) => (i === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(part));

function numberOf(whole: string, decimals: string): Typed {
  const text = `${whole || "0"}.${decimals || "0"}`;
  const value = Number(text);
  return (whole || decimals) && /^\d+\.\d+$/.test(text) && Number.isFinite(value) ? { value } : { fault: "noNumber" };
}

/** Without its sign and blanks. */
function plainNumber(text: string, decimal: string): Typed {
  const signs = text.replace(/[^.,]/g, "");
  if (signs === "") return numberOf(text, "");
  const last = signs.at(-1) ?? "";
  const [before, after] = [text.slice(0, text.lastIndexOf(last)), text.slice(text.lastIndexOf(last) + 1)];
  if (signs.length > 1) {
    const group = signs[0] ?? "";
    return group !== last && !before.includes(last) && isGrouped(before, group) ? numberOf(before.replaceAll(group, ""), after) : { fault: "noNumber" };
  }
  // `1.250` is a thousand to some and a little more than one to others, and nobody is to guess.
  return last !== decimal && /^[1-9]\d{0,2}$/.test(before) && /^\d{3}$/.test(after) ? { fault: "thousand" } : numberOf(before, after);
}

/**
 * `7,35` and `7.35` alike; what could be a thousand as well is asked about.
 *
 *     typed("1.250,5") -> 1250.5;   typed("1.250", ",") -> thousand
 */
export function typed(text: string, decimal = decimalSign()): Typed {
  const clean = text.replace(/[\s\u00a0\u202f'’]/g, "").replace("−", "-");
  const found = plainNumber(clean.replace(/^[-+]/, ""), decimal);
  return clean.startsWith("-") && "value" in found ? { value: -found.value } : found;
}
