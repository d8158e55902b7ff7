/**
 * The texts of a page in every language it speaks; a missing one does not compile.
 *
 * A folder's catalogue is `texts` of its `texts.ts`; a part of a folder that has many has `partTexts` of its own
 * `partTexts.ts`. Words of all pages are in shared/ui/texts.ts, those of the plant in shared/plant/texts.ts.
 */

import { countText } from "@/shared/format/number";
import { language } from "@/shared/preferences/preferences";

/** The shape of the English texts, with any words. */
type Same<T> = { [K in keyof T]: T[K] extends string ? string : T[K] extends (...args: infer A) => string ? (...args: A) => string : Same<T[K]> };

/**
 * Texts by key; a text with values in it is a function of them. Call the catalogue where texts are shown, never
 * while a module loads: a person may choose another language.
 */
export const catalogue = <T extends object>(en: T, de: Same<T>) => (): Same<T> => (language() === "de" ? de : (en as Same<T>));

/** `1 alarm`, `3 alarms`: in English and German a number takes one of two forms. */
export const many = (n: number, one: string, other: string): string => `${countText(n)} ${n === 1 ? one : other}`;

/** `A, B and C`, in the words of the language. */
export const listText = (items: readonly string[], how: "conjunction" | "disjunction" = "conjunction"): string =>
  new Intl.ListFormat(language(), { type: how }).format(items);
