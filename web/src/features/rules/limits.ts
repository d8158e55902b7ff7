/** Numbers and limits as people type them. Pure. */

import type { Limit } from "@/shared/api/types";

/** A number as people type it, `4,5` too; NaN when it is none. */
export const numberOf = (text: string): number => (text.trim() ? Number(text.trim().replace(",", ".")) : Number.NaN);

const OWN = ["ll", "l", "h", "hh"];

/** A number, or the name of one of the sensor's own limits; NaN when it is neither. */
export const limitOf = (text: string): Limit => (OWN.includes(text.trim().toLowerCase()) ? text.trim().toLowerCase() : numberOf(text));
export const isLimit = (text: string): boolean => !Number.isNaN(limitOf(text));

/** What a number is compared with. */
export const SIDES = ["above", "below", "outside"] as const;
export type Side = (typeof SIDES)[number];

export interface Band {
  above?: Limit;
  below?: Limit;
  outside?: [Limit, Limit];
}

export interface BandFields {
  side: Side;
  low: string;
  high: string;
}

export function bandOf({ side, low, high }: BandFields): Band {
  if (side === "above") return { above: limitOf(high) };
  return side === "below" ? { below: limitOf(low) } : { outside: [limitOf(low), limitOf(high)] };
}

/** A band as fields; undefined where it is none, or more than one. */
export function fieldsOfBand({ above, below, outside }: Band): BandFields | undefined {
  if ([above, below, outside].filter((one) => one !== undefined).length !== 1) return undefined;
  if (outside) return { side: "outside", low: String(outside[0]), high: String(outside[1]) };
  return above === undefined ? { side: "below", low: String(below), high: "" } : { side: "above", low: "", high: String(above) };
}
