/** What /readyz says, part by part. Pure. */

import type { Readiness } from "@/shared/api/types";

export interface Part {
  name: string;
  /** What is wrong; empty when it is well. */
  wrong: string[];
}

/** The parts every installation has, by the names that /readyz uses. */
const SERVICES = ["registry", "ingest", "query", "alerting"] as const;

/**
 * Each service with what is wrong with it or its neighbours.
 *
 * `sick` maps `service: neighbour` to what is wrong, and may nest: `registry: ingest: influxdb`, as the registry hears
 * the others' heartbeats; then the innermost service is the one that suffers.
 */
export function partsOf({ sick }: Readiness): Part[] {
  const parts = new Map<string, Set<string>>(SERVICES.map((name) => [name, new Set()]));
  for (const [where, wrong] of Object.entries(sick)) {
    const names = where.split(": ");
    const owner = Math.max(0, names.findLastIndex((n) => (SERVICES as readonly string[]).includes(n)));
    const name = names[owner] ?? where;
    const about = names.slice(owner + 1).join(": ");
    parts.set(name, (parts.get(name) ?? new Set()).add(about ? `${about}: ${wrong}` : wrong));
  }
  return [...parts].map(([name, wrong]) => ({ name, wrong: [...wrong] })).sort((a, b) => Number(b.wrong.length > 0) - Number(a.wrong.length > 0));
}
