/** What saving would change, line by line. Pure. */

import { valueText } from "@/shared/format/number";
import { unitText } from "@/shared/format/units";
import { LIMITS, type Plain } from "./sensors";

export interface Change {
  look: "new" | "gone" | "other";
  /** What changes, for people. */
  what: string;
  before?: string;
  after?: string;
}

export interface Paper {
  title: string;
  url: string;
}

/** Words of the fields, in the reader's language. */
export interface FieldWords {
  name: string;
  unit: string;
  datatype: string;
  decimals: string;
  expression: string;
  entered_every: string;
  nothing: string;
  limits: Record<(typeof LIMITS)[number], string>;
}

/** A text that is otherwise; nothing where it is the same. */
export const textChange = (what: string, before: string, after: string): Change[] =>
  before === after ? [] : [{ look: "other", what, before, after }];

function listChanges<T>(before: readonly T[], after: readonly T[], keyOf: (one: T) => string, say: (one: T) => string, compare: (old: T, now: T) => Change[]): Change[] {
  const [had, has] = [new Map(before.map((one) => [keyOf(one), one])), new Map(after.map((one) => [keyOf(one), one]))];
  return [
    ...[...has].flatMap(([key, now]) => {
      const old = had.get(key);
      return old ? compare(old, now) : [{ look: "new" as const, what: say(now) }];
    }),
    ...[...had].filter(([key]) => !has.has(key)).map(([, old]) => ({ look: "gone" as const, what: say(old) })),
  ];
}

const sensorName = ({ name, key }: Plain): string => (name && name !== key ? `${name} (${key})` : key);

/** Sensors that come, go, or are described otherwise, field by field. */
export function sensorChanges(before: readonly Plain[], after: readonly Plain[], words: FieldWords): Change[] {
  const limitText = (sensor: Plain, limit: (typeof LIMITS)[number]): string => {
    const n = sensor.limits[limit];
    return n === null ? words.nothing : `${valueText(n, sensor.decimals)} ${unitText(sensor.unit)}`.trim();
  };
  const fields = (old: Plain, now: Plain): Change[] => [
    ...(["name", "unit", "datatype", "expression", "entered_every"] as const).flatMap((field) => textChange(`${sensorName(now)}, ${words[field]}`, old[field] || words.nothing, now[field] || words.nothing)),
    ...textChange(`${sensorName(now)}, ${words.decimals}`, String(old.decimals), String(now.decimals)),
    ...LIMITS.filter((limit) => old.limits[limit] !== now.limits[limit]).map((limit): Change => ({ look: "other", what: `${sensorName(now)}, ${words.limits[limit]}`, before: limitText(old, limit), after: limitText(now, limit) })),
  ];
  return listChanges(before, after, ({ key }) => key, sensorName, fields);
}

/** Documents, which have no key but their title. */
export const paperChanges = (before: readonly Paper[], after: readonly Paper[]): Change[] =>
  listChanges(before, after, ({ title }) => title, ({ title }) => title, (old, now) => textChange(now.title, old.url, now.url));

export const labelChanges = (before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): Change[] =>
  listChanges(Object.entries(before), Object.entries(after), ([key]) => key, ([key, value]) => `${key} ${value}`.trim(), ([key, old], [, now]) => textChange(key, old, now));
