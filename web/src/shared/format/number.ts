/** Values as people read them. */

import type { Value } from "@/shared/api/types";
import { language, locale, perPreferences } from "@/shared/preferences/preferences";

const formats = perPreferences(() => new Map<number, Intl.NumberFormat>());

function fixed(decimals: number): Intl.NumberFormat {
  let format = formats().get(decimals);
  if (!format) {
    format = new Intl.NumberFormat(locale(), { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats().set(decimals, format);
  }
  return format;
}

/** From here on digits are too many to be read, and no longer exact. */
const HUGE = 1e15;
const scientific = perPreferences(() => new Intl.NumberFormat(locale(), { notation: "scientific", maximumSignificantDigits: 6 }));

/** Only the words for a switch: the catalogue itself writes numbers by this file. */
const SWITCH = { en: ["Off", "On"], de: ["Aus", "Ein"] } as const;

/** A number with a fixed count of decimals, so that digits do not jump; states and booleans as words. */
export function valueText(value: Value | null | undefined, decimals = 1): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return SWITCH[language()][value ? 1 : 0];
  if (typeof value === "string") return value;
  if (!Number.isFinite(value)) return "–";
  return (Math.abs(value) < HUGE ? fixed(Math.max(0, Math.min(6, decimals))) : scientific()).format(value);
}

export const countText = (n: number): string => fixed(0).format(n);

/** A part of 1 in percent: `33.3 %`. */
export const shareText = (share: number, decimals = 1): string => `${valueText(share * 100, decimals)} %`;
