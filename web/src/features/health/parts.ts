/** What /readyz says, part by part. Pure. */

import type { Readiness } from "@/shared/api/types";

export interface Part {
  name: string;
  /** What is wrong, a line each; empty when it is well. */
  wrong: string[];
  /** What happened to it within the last minute: no fault. */
  recent: string[];
}

/** The parts every installation has, by the names that /readyz uses. */
const SERVICES = ["registry", "ingest", "query", "derive", "alerting"] as const;

/**
 * Each service with what is wrong with it or its neighbours.
 *
 * `sick` maps `service: neighbour` to what is wrong, and may nest: `registry: ingest: influxdb`, as the registry hears
 * the others' heartbeats; then the innermost service is the one that suffers. Both may name a process of several:
 * `ingest-2: broker`. `recent` maps processes.
 */
export function partsOf({ sick, recent }: Readiness): Part[] {
  const wrong = new Map<string, Set<string>>(SERVICES.map((name) => [name, new Set()]));
  for (const [where, text] of Object.entries(sick)) {
    for (const { name, line } of linesOf(ownerOf(where), text)) wrong.set(name, (wrong.get(name) ?? new Set()).add(line));
  }
  const told = Object.entries(recent ?? {}).map(([who, text]) => {
    const name = serviceOf(who);
    return { name, line: name === who ? text : `${who} ${text}` };
  });
  for (const { name } of told) wrong.set(name, wrong.get(name) ?? new Set());
  return [...wrong]
    .map(([name, lines]) => ({ name, wrong: [...lines], recent: told.filter((one) => one.name === name).map(({ line }) => line) }))
    .sort((a, b) => Number(b.wrong.length > 0) - Number(a.wrong.length > 0));
}

/** `ingest` of `ingest`, and of its second process `ingest-2`; what is no service stands for itself. */
const serviceOf = (process: string): string => known(process) ?? process;

const known = (process: string) => SERVICES.find((name) => process === name || process.startsWith(`${name}-`));

function ownerOf(where: string): { name: string; about: string } {
  const names = where.split(": ");
  const owner = Math.max(0, names.findLastIndex(known));
  const process = names[owner] ?? where;
  const name = serviceOf(process);
  return { name, about: [...(process === name ? [] : [process]), ...names.slice(owner + 1)].join(": ") };
}

/** What ingest's process with the routes heard of the others: `ingest-2: prober the canary …`, `query: influxdb …`. */
const HEARD = new RegExp(`^((?:${SERVICES.join("|")})[\\w-]*)(?:: ([\\w-]+))?:? (.+)$`);

/** One trouble a line, each with the neighbour it is about; one that names none is about that of the line above. */
function linesOf(owner: { name: string; about: string }, wrong: string): { name: string; line: string }[] {
  let { name, about: subject } = owner;
  return wrong.split("; ").map((text) => {
    const [, process, neighbour, what] = (owner.about === "pipeline" && HEARD.exec(text)) || [];
    if (process) {
      name = serviceOf(process);
      subject = [process !== name && process, neighbour].filter(Boolean).join(": ");
    }
    return { name, line: [subject, what ?? text].filter(Boolean).join(": ") };
  });
}
