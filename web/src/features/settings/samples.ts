/** What number formats and time zones there are to choose from, each with what it looks like. Pure, given the time. */

import type { Choice } from "@/shared/ui/choices";

const TAGS = ["en-US", "en-GB", "de-DE", "de-AT", "de-CH", "fr-FR", "it-IT", "es-ES", "nl-NL", "pl-PL", "cs-CZ", "sv-SE", "en-CA", "en-IN", "ja-JP", "zh-CN"] as const;

/** `1.234,5 · 26.11.2026, 14:03`. */
export function sampleOf(tag: string | undefined, now: number, zone: string): string {
  const number = new Intl.NumberFormat(tag, { minimumFractionDigits: 1 }).format(1234.5);
  return `${number} · ${new Intl.DateTimeFormat(tag, { dateStyle: "short", timeStyle: "short", timeZone: zone }).format(now)}`;
}

/** Number formats by their tag, named in the language of the one who looks. */
export function numberOptions(language: string, now: number, zone: string): [tag: string, text: string][] {
  const names = new Intl.DisplayNames(language, { type: "language", languageDisplay: "standard" });
  return TAGS.map((tag) => [tag, `${names.of(tag) ?? tag}: ${sampleOf(tag, now, zone)}`]);
}

/** `UTC+01:00`. */
export function offsetText(zone: string, now: number): string {
  const part = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(now).find((p) => p.type === "timeZoneName");
  return (part?.value ?? "").replace(/^GMT$/, "GMT+00:00").replace("GMT", "UTC");
}

/** Every zone the browser knows, by name, with how far it is from UTC now. */
export const zoneChoices = (now: number): Choice[] =>
  ["UTC", ...Intl.supportedValuesOf("timeZone").filter((z) => z !== "UTC")].map((zone) => ({ value: zone, text: zone.replaceAll("_", " "), place: offsetText(zone, now) }));
