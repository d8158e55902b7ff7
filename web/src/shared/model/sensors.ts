/** Sensors as they are written down: those of a type, what a machine has of its own, and both laid over each other. Pure. */

import type { components } from "@/shared/api/generated/registry";
import type { Datatype } from "@/shared/api/types";

type Schemas = components["schemas"];
/** As it is sent; what is left out is as the type has it, or as it usually is. */
export type SensorSpec = Schemas["SensorSpec"];
type Given = Schemas["WrittenSensor"] | Schemas["SensorOut"];

export const LIMITS = ["ll", "l", "h", "hh"] as const;
export type Limit = (typeof LIMITS)[number];

/** A sensor with nothing left out; limits in its unit, null where there is none. */
export interface Plain {
  key: string;
  name: string;
  unit: string;
  datatype: Datatype;
  limits: Record<Limit, number | null>;
  decimals: number;
  expression: string;
  /** Entered by people, at least so often (`8h`); empty where it reports by itself. */
  entered_every: string;
}

const UNSAID: Omit<Plain, "key" | "limits"> = { name: "", unit: "", datatype: "float", decimals: 1, expression: "", entered_every: "" };
const NO_LIMITS = { ll: null, l: null, h: null, hh: null };

/** What was left out is filled in, as the registry does it. */
export function plainOf(given: Given): Plain {
  const { key, name, unit, datatype, decimals, expression, entered_every, limits } = { ...UNSAID, ...given };
  return { key, name, unit, datatype, decimals, expression, entered_every, limits: { ...NO_LIMITS, ...limits } };
}

const FIELDS = ["name", "unit", "datatype", "decimals", "expression", "entered_every"] as const;

/** Only what is otherwise than with the type, or than usual where the type has none of this key. */
export function overrideOf(sensor: Plain, base = plainOf({ key: sensor.key })): SensorSpec {
  const fields = FIELDS.filter((field) => sensor[field] !== base[field]).map((field) => [field, sensor[field]]);
  const limits = LIMITS.filter((limit) => sensor.limits[limit] !== base.limits[limit]).map((limit) => [limit, sensor.limits[limit]]);
  return { key: sensor.key, ...Object.fromEntries(fields), ...(limits.length > 0 && { limits: Object.fromEntries(limits) }) } as SensorSpec;
}

const saysNothing = (own: SensorSpec): boolean => Object.keys(own).length === 1;

/** All sensors of a machine: those of its type in their order, overridden field by field by its own, and then the others. */
export function merged(ofType: readonly Plain[], own: readonly SensorSpec[]): Plain[] {
  const all = new Map(ofType.map((sensor) => [sensor.key, sensor]));
  for (const one of own) {
    const base = all.get(one.key);
    all.set(one.key, plainOf({ ...base, ...one, limits: { ...base?.limits, ...one.limits } }));
  }
  return [...all.values()];
}

/** What a machine has of its own, out of all its sensors: the registry tells of both together. */
export function ownOf(all: readonly Plain[], ofType: readonly Plain[]): SensorSpec[] {
  const base = new Map(ofType.map((sensor) => [sensor.key, sensor]));
  return all.map((sensor) => overrideOf(sensor, base.get(sensor.key))).filter((own) => !base.has(own.key) || !saysNothing(own));
}

/** A machine's own sensors once one of all its sensors is changed or added. */
export function withSensor(own: readonly SensorSpec[], ofType: readonly Plain[], sensor: Plain): SensorSpec[] {
  const written = overrideOf(sensor, ofType.find((base) => base.key === sensor.key));
  const isThere = own.some((one) => one.key === sensor.key);
  const changed = isThere ? own.map((one) => (one.key === sensor.key ? written : one)) : [...own, written];
  return changed.filter((one) => !saysNothing(one) || !ofType.some((base) => base.key === one.key));
}

/** The same for a list of whole sensors, as a type has them. */
export const replaced = (all: readonly Plain[], sensor: Plain): Plain[] =>
  all.some((one) => one.key === sensor.key) ? all.map((one) => (one.key === sensor.key ? sensor : one)) : [...all, sensor];
