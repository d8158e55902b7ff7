/** What one who looks has chosen: language, theme, number format, time zone. '' stands for "as the browser says". */

import { useSyncExternalStore } from "react";

export const THEMES = ["light", "dark", "contrast"] as const;
export const LANGUAGES = ["en", "de"] as const;

/** Each language in its own tongue, for whoever looks for it. */
export const TONGUES = { en: "English", de: "Deutsch" } as const;

export type Theme = (typeof THEMES)[number];
export type Language = (typeof LANGUAGES)[number];

export interface Preferences {
  language: Language | "";
  theme: Theme | "";
  /** BCP 47 tag whose numbers and dates are wanted: `de-CH`. */
  numbers: string;
  /** IANA name: `Europe/Berlin`. */
  zone: string;
  /** Whether a new alarm is heard. */
  sound: boolean;
}

export const AS_BROWSER: Preferences = { language: "", theme: "", numbers: "", zone: "", sound: false };

const KEY = "andon.preferences";

const isOf = <T extends string>(words: readonly T[], text: unknown): text is T => words.some((word) => word === text);

/** A tag or zone that this browser cannot use would throw in every number on the page. */
function isUsable(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}

const isLocale = (tag: unknown): tag is string => typeof tag === "string" && tag !== "" && isUsable(() => new Intl.NumberFormat(tag));
const isZone = (zone: unknown): zone is string =>
  typeof zone === "string" && zone !== "" && isUsable(() => new Intl.DateTimeFormat("en", { timeZone: zone }));

/** Preferences out of anything: what makes no sense here is left to the browser. Pure. */
export function readPreferences(found: unknown): Preferences {
  const { language, theme, numbers, zone, sound } = (found ?? {}) as Record<string, unknown>;
  return {
    language: isOf(LANGUAGES, language) ? language : "",
    theme: isOf(THEMES, theme) ? theme : "",
    numbers: isLocale(numbers) ? numbers : "",
    zone: isZone(zone) ? zone : "",
    sound: sound === true,
  };
}

function kept(): Preferences {
  const text = globalThis.localStorage?.getItem(KEY);
  if (!text) return AS_BROWSER;
  try {
    return readPreferences(JSON.parse(text));
  } catch {
    return AS_BROWSER; // Not written by us: as if nothing was chosen.
  }
}

let current = kept();
const listeners = new Set<() => void>();

export const preferences = (): Preferences => current;

export function onPreferences(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** Choose for this browser; what follows the person is kept by `follow.ts`. */
export function prefer(changed: Partial<Preferences>): void {
  current = { ...current, ...changed };
  globalThis.localStorage?.setItem(KEY, JSON.stringify(current));
  listeners.forEach((tell) => tell());
}

export const usePreferences = (): Preferences => useSyncExternalStore(onPreferences, preferences);

const spoken = (): readonly string[] => globalThis.navigator?.languages ?? [];

/** The language of the pages: the one chosen, else the first of the browser's that Andon speaks, else English. */
export const language = (): Language =>
  current.language || (spoken().map((tag) => tag.slice(0, 2).toLowerCase()).find((tag): tag is Language => isOf(LANGUAGES, tag)) ?? "en");

/** The locale of numbers and dates; undefined is the browser's. */
export function locale(): string | undefined {
  if (current.numbers) return current.numbers;
  if (!current.language) return undefined;
  return spoken().find((tag) => tag.toLowerCase().startsWith(current.language)) ?? current.language;
}

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The time zone of everything shown and typed. */
export const timeZone = (): string => current.zone || here;

/** Something made once per choice of preferences, such as a number format: making one is slow. */
export function perPreferences<T>(make: () => T): () => T {
  let made: { for: Preferences; it: T } | undefined;
  return () => {
    if (made?.for !== current) made = { for: current, it: make() };
    return made.it;
  };
}
