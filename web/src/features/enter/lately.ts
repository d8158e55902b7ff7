/** Machines one has entered readings of, as a list that is kept. Pure. */

import type { Asset } from "@/shared/api/types";

/** As many as a long round has. */
const MOST = 40;

/** With its sensors, for where there is no network. */
export type Machine = Omit<Asset, "children">;

const isMachine = (found: unknown): found is Machine => {
  const { id, path, kind, name, sensors } = (found ?? {}) as Record<string, unknown>;
  return kind === "machine" && [id, path, name].every((text) => typeof text === "string") && Array.isArray(sensors) && sensors.every((s) => typeof s?.path === "string" && typeof s?.key === "string");
};

/** Machines out of what was kept; what is none is left out. */
export function readMachines(text: string | null): Machine[] {
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(found) ? found.filter(isMachine).slice(0, MOST) : [];
  } catch {
    return []; // Not written by us: as if one had been nowhere.
  }
}

/** The list with these at its head, as they are now. */
export const withMachines = (all: readonly Machine[], newest: readonly Machine[]): Machine[] =>
  [...newest, ...all.filter(({ path }) => !newest.some((one) => one.path === path))].slice(0, MOST);
