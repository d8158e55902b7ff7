/** Readings that were entered and are not yet stored: waiting for the network, or refused. Pure. */

import type { Value } from "@/shared/api/types";
import type { Draft } from "./draft";

export interface Waiting {
  id: string;
  /** Path of the machine, and its name as it was then. */
  asset: string;
  name: string;
  /** Epoch ms: what it is for. Sent again, a reading replaces itself, for machine, sensor and time are the same. */
  ts: number;
  values: Record<string, NonNullable<Value>>;
  note: string;
  /** What the service said against it; a reading that was refused waits for its writer. */
  refused?: string;
}

/** A day of rounds on a large site; a browser keeps that much with ease. */
export const MOST = 200;

const isValue = (value: unknown): value is NonNullable<Value> => typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);

function isWaiting(found: unknown): found is Waiting {
  const { id, asset, name, ts, values, note, refused } = (found ?? {}) as Record<string, unknown>;
  const areTexts = [id, asset, name, note].every((text) => typeof text === "string") && (refused === undefined || typeof refused === "string");
  return areTexts && Number.isFinite(ts) && typeof values === "object" && values !== null && Object.values(values).every(isValue);
}

/** What was kept; what is none of ours is left out. */
export function readOutbox(text: string | null): Waiting[] {
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(found) ? found.filter(isWaiting).slice(0, MOST) : [];
  } catch {
    return []; // Not written by us: as if nothing waited.
  }
}

export const isFull = (all: readonly Waiting[]): boolean => all.length >= MOST;

/** With one more, behind those that came before it. */
export const added = (all: readonly Waiting[], one: Waiting): Waiting[] => [...all.filter(({ id }) => id !== one.id), one];

export const without = (all: readonly Waiting[], id: string): Waiting[] => all.filter((one) => one.id !== id);

export const withRefusal = (all: readonly Waiting[], id: string, why: string): Waiting[] => all.map((one) => (one.id === id ? { ...one, refused: why } : one));

/** The one that is sent next. */
export const nextOf = (all: readonly Waiting[]): Waiting | undefined => all.find((one) => one.refused === undefined);

/** How many wait for the network, and how many for their writer. */
export function countsOf(all: readonly Waiting[]): { waiting: number; refused: number } {
  const refused = all.filter((one) => one.refused !== undefined).length;
  return { waiting: all.length - refused, refused };
}

/** Whether an answer of this status says no for good; others pass: no network, too busy, signed out. */
export const isFinal = (status: number): boolean => status >= 400 && status < 500 && ![401, 408, 425, 429].includes(status);

/** The form filled in with it once more; `at`: its time as one would type it. Whoever mends looks at all of it again. */
export function mended({ values, note }: Waiting, decimal: string, at: string): Draft {
  const texts = Object.entries(values).map(([key, value]) => [key, typeof value === "number" ? String(value).replace(".", decimal) : String(value)] as const);
  return { texts: Object.fromEntries(texts), sure: [], note, at };
}
