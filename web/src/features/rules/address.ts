/** A rule that is being written, as it stands in the address: whatever differs from where it began, by the API's names. Pure. */

import type { Within } from "@/shared/api/types";
import { SEVERITIES } from "@/shared/plant/condition";
import { FORMS, PERS, QUALITIES, type LevelField } from "./conditions";
import type { Fields } from "./fields";
import { SIDES } from "./limits";

export type Written = Record<string, string | number | boolean | string[]>;

const TEXTS = {
  name: "name", sensor: "sensor", key: "key", type: "type", under: "under", low: "below", high: "above", equals: "equals", silent: "silent", unchanged: "unchanged",
  other: "deviation_from", over: "over", expression: "expression", count: "count", within: "within", json: "condition", deadband: "deadband", onDelay: "on_delay",
  offDelay: "off_delay", minimum: "minimum", repeat: "repeat", policy: "policy", activeWhen: "active_when", suppressedBy: "suppressed_by", group: "group",
  realarm: "realarm", cause: "cause", consequence: "consequence", action: "action",
} as const satisfies Partial<Record<keyof Fields, string>>;

const WITHINS: readonly Within[] = ["machine", "line", "area", "site"];
const WORDS = {
  form: ["form", FORMS], side: ["side", SIDES], per: ["per", PERS], severity: ["severity", SEVERITIES],
  suppressedWithin: ["suppressed_within", WITHINS], groupWithin: ["group_within", WITHINS],
} as const satisfies Partial<Record<keyof Fields, readonly [string, readonly string[]]>>;
const SWITCHES = { one: "one", latch: "latch", enabled: "enabled" } as const satisfies Partial<Record<keyof Fields, string>>;
const LISTS = { channels: "channel", activeDuring: "active_during", qualities: "quality" } as const satisfies Partial<Record<keyof Fields, string>>;
const LEVELS = "levels";

const LONGEST = 4000;
const MOST = 50;
const entries = <T extends object>(of: T) => Object.entries(of) as [keyof T, T[keyof T]][];

/** A number stays one, for the address to look like what people write. */
const plain = (text: string): string | number => (text !== "" && String(Number(text)) === text ? Number(text) : text);
const textOf = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value).slice(0, LONGEST) : undefined;
const listOf = (value: unknown): string[] | undefined => (value === undefined ? undefined : [value].flat().map(String).filter(Boolean).slice(0, MOST));

/** `above hh critical` */
const levelText = ({ side, limit, severity }: LevelField): string => `${side} ${limit} ${severity}`;
function levelOf(text: string): LevelField {
  const [side, limit = "", severity] = text.split(" ");
  return { side: side === "below" ? "below" : "above", limit, severity: SEVERITIES.find((s) => s === severity) ?? "medium" };
}

/** What of `fields` is not as in `base`. */
export function writtenOf(fields: Fields, base: Fields): Written {
  const written: Written = {};
  for (const [field, name] of entries(TEXTS)) if (fields[field] !== base[field]) written[name] = plain(fields[field]);
  for (const [field, [name]] of entries(WORDS)) if (fields[field] !== base[field]) written[name] = fields[field];
  for (const [field, name] of entries(SWITCHES)) if (fields[field] !== base[field]) written[name] = fields[field];
  for (const [field, name] of entries(LISTS)) if (fields[field].join("\n") !== base[field].join("\n")) written[name] = fields[field].length > 0 ? fields[field] : [""];
  const levels = fields.levels.map(levelText);
  if (levels.join() !== base.levels.map(levelText).join()) written[LEVELS] = levels;
  return written;
}

/** What an address may write of a rule; the rest of it is dropped. */
export function readWritten(search: Record<string, unknown>): Written {
  const written: Written = {};
  const texts = [...Object.values(TEXTS), ...Object.values(WORDS).map(([name]) => name)];
  for (const name of texts) {
    const text = textOf(search[name]);
    if (text !== undefined) written[name] = plain(text);
  }
  for (const name of Object.values(SWITCHES)) if (typeof search[name] === "boolean") written[name] = search[name] as boolean;
  for (const name of [...Object.values(LISTS), LEVELS]) {
    const list = listOf(search[name]);
    if (list) written[name] = list.length > 0 ? list : [""];
  }
  return written;
}

/** `base` with what the address says. */
export function withWritten(base: Fields, written: Written): Fields {
  const more: Partial<Record<keyof Fields, unknown>> = {};
  for (const [field, name] of entries(TEXTS)) if (written[name] !== undefined) more[field] = String(written[name]);
  for (const [field, [name, words]] of entries(WORDS)) {
    const word = (words as readonly string[]).find((one) => one === written[name]);
    if (word) more[field] = word;
  }
  for (const [field, name] of entries(SWITCHES)) if (typeof written[name] === "boolean") more[field] = written[name];
  for (const [field, name] of entries(LISTS)) if (written[name] !== undefined) more[field] = listOf(written[name]);
  if (more.qualities) more.qualities = QUALITIES.filter((one) => (more.qualities as string[]).includes(one));
  const levels = listOf(written[LEVELS]);
  if (levels && levels.length > 0) more.levels = levels.map(levelOf);
  return { ...base, ...(more as Partial<Fields>) };
}

