/** The plant as a file: machine types and the tree, as `andon plant apply` and the page read them. Pure. */

import { ownOf, plainOf, type Plain } from "@/shared/model/sensors";
import type { MachineType } from "@/shared/plant/queries";
import type { Node } from "@/shared/plant/tree";

/** Words that YAML takes for something else than text. */
const RESERVED = /^(y|n|yes|no|on|off|true|false|null|~)$/i;

/** A scalar of YAML; whatever could be read as something else stands in quotes, which JSON and YAML share. */
export function scalar(value: string | number | boolean | null): string {
  if (typeof value !== "string") return String(value);
  return /^[A-Za-z][\w /.°-]*$/.test(value) && !RESERVED.test(value) && value === value.trim() ? value : JSON.stringify(value);
}

type Flow = string | number | boolean | null | readonly Flow[] | { readonly [key: string]: Flow | undefined };

/** `{key: oil, limits: {h: 80}}`: one thing in one line. */
export function flow(value: Flow): string {
  if (value === null || typeof value !== "object") return scalar(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  const said = Object.entries(value).filter((entry): entry is [string, Flow] => entry[1] !== undefined);
  return `{${said.map(([key, inner]) => `${scalar(key)}: ${flow(inner)}`).join(", ")}}`;
}

const block = (key: string, lines: readonly string[], indent: string): string[] => (lines.length === 0 ? [] : [`${indent}${key}:`, ...lines]);
const list = (key: string, items: readonly string[], indent: string): string[] => block(key, items.map((item) => `${indent}  - ${item}`), indent);

function typeLines({ slug, name, sensors, documents, page }: MachineType): string[] {
  const own = "    ";
  const sections = list("sections", page.sections.map(({ title, show, sensors: keys }) => flow({ title, show, sensors: keys })), `${own}  `);
  return [
    `  ${scalar(slug)}:`, `${own}name: ${scalar(name)}`,
    ...list("sensors", sensors.map((sensor) => flow(sensor as Flow)), own),
    ...list("documents", documents.map(({ title, url }) => flow({ title, url })), own),
    ...block("page", sections, own),
  ];
}

const CHILDREN = { site: "areas", area: "lines", line: "machines", machine: "" } as const;

function nodeLines(node: Node, types: ReadonlyMap<string, readonly Plain[]>, indent: string): string[] {
  const inner = `${indent}  `;
  const labels = Object.keys(node.labels).length > 0 ? [`${inner}labels: ${flow(node.labels)}`] : [];
  const own = node.kind === "machine" ? ownOf(node.sensors.map(plainOf), types.get(node.type) ?? []) : [];
  return [
    `${indent}- slug: ${scalar(node.slug)}`, `${inner}name: ${scalar(node.name)}`,
    ...(node.type ? [`${inner}type: ${scalar(node.type)}`] : []), ...labels,
    ...list("sensors", own.map((one) => flow(one as Flow)), inner),
    ...list("documents", node.documents.map(({ title, url }) => flow({ title, url })), inner),
    ...block(CHILDREN[node.kind], node.children.flatMap((child) => nodeLines(child, types, `${inner}  `)), inner),
  ];
}

/** What is written down of the plant: applied to the plant it is of, it changes nothing. Rules and channels are not in it. */
export function plantYaml(sites: readonly Node[], types: readonly MachineType[]): string {
  const sensors = new Map(types.map((type) => [type.slug, type.sensors.map(plainOf)]));
  return [...block("types", types.flatMap(typeLines), ""), ...block("sites", sites.flatMap((site) => nodeLines(site, sensors, "  ")), ""), ""].join("\n");
}
