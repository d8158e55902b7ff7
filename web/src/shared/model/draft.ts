/** A sensor while somebody types it, and what is wrong with it. Pure. */

import type { Datatype } from "@/shared/api/types";
import { durationMs } from "@/shared/format/time";
import { LIMITS, plainOf, type Limit, type Plain } from "./sensors";

/** All as text, for half a number is none. */
export interface Draft {
  key: string;
  name: string;
  unit: string;
  datatype: Datatype;
  limits: Record<Limit, string>;
  decimals: string;
  expression: string;
  entered_every: string;
}

export type Fault = "noKey" | "badKey" | "takenKey" | "reservedKey" | "noNumber" | "notRising" | "badDecimals" | "badEvery";
export type Field = "key" | "decimals" | "entered_every" | Limit;

const numberText = (n: number | null): string => (n === null ? "" : String(n));

export function draftOf(sensor: Plain = plainOf({ key: "" })): Draft {
  const { limits, decimals, ...rest } = sensor;
  return { ...rest, decimals: String(decimals), limits: { ll: numberText(limits.ll), l: numberText(limits.l), h: numberText(limits.h), hh: numberText(limits.hh) } };
}

/** `1,5` is as good as `1.5`; nothing is null, and what is no number is NaN. */
export function typedNumber(text: string): number | null {
  const clean = text.trim().replace(",", ".");
  if (clean === "") return null;
  return Number.isFinite(Number(clean)) ? Number(clean) : NaN;
}

const KEY = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const RESERVED = new Set(["site", "area", "line", "machine", "asset", "time"]);
const MOST_DECIMALS = 10;

function keyFault(key: string, taken: ReadonlySet<string>): Fault | undefined {
  if (key === "") return "noKey";
  if (!KEY.test(key)) return "badKey";
  if (RESERVED.has(key) || /__(quality|arrived)$/.test(key)) return "reservedKey";
  return taken.has(key) ? "takenKey" : undefined;
}

/** What is wrong, by field; `taken` are keys of other sensors. */
export function faultsOf({ key, limits, decimals, entered_every: every }: Draft, taken: ReadonlySet<string>): Partial<Record<Field, Fault>> {
  const faults: Partial<Record<Field, Fault>> = {};
  const ofKey = keyFault(key, taken);
  if (ofKey) faults.key = ofKey;
  const places = typedNumber(decimals);
  if (places === null || !Number.isInteger(places) || places < 0 || places > MOST_DECIMALS) faults.decimals = "badDecimals";
  if (every.trim() && !(durationMs(every) >= 60_000 && durationMs(every) <= 365 * 86_400_000)) faults.entered_every = "badEvery";
  let below = -Infinity;
  for (const limit of LIMITS) {
    const n = typedNumber(limits[limit]);
    if (Number.isNaN(n)) faults[limit] = "noNumber";
    else if (n !== null && n < below) faults[limit] = "notRising";
    else if (n !== null) below = n;
  }
  return faults;
}

/** The sensor that a faultless draft stands for; only numbers have limits and decimals. */
export function sensorOf({ limits, decimals, ...rest }: Draft): Plain {
  const of = (limit: Limit): number | null => (rest.datatype === "float" ? typedNumber(limits[limit]) : null);
  const typed = { key: rest.key, name: rest.name.trim(), unit: rest.datatype === "float" ? rest.unit.trim() : "", expression: rest.expression.trim(), entered_every: rest.expression.trim() ? "" : rest.entered_every.trim() };
  return { ...rest, ...typed, decimals: typedNumber(decimals) ?? 1, limits: { ll: of("ll"), l: of("l"), h: of("h"), hh: of("hh") } };
}

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** Whether a text can be the short name of a place or a machine type. */
export const isSlug = (text: string): boolean => SLUG.test(text);

const SPELLED: Record<string, string> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };

/** `Öl-Temperatur 2` -> `oel-temperatur-2`; with `_` as the joint it is how sensors are called. */
export const slugOf = (name: string, joint: "-" | "_" = "-"): string =>
  name.toLowerCase().replace(/[äöüß]/g, (letter) => SPELLED[letter] ?? "").normalize("NFD").replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, joint).replace(/^[-_]+/, "").slice(0, 63).replace(/[-_]+$/, "");
