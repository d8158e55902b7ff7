/** Imports: history from a file, looked at first and sent then. Pure. */

import type { components } from "@/shared/api/generated/ingest";
import type { Params } from "@/shared/api/paths";
import { inFields } from "./fields";
import { texts } from "./texts";

export const IMPORTS = "/api/ingest/v1/imports";

type Schemas = components["schemas"];
/** What stood in the file. */
export type Report = Schemas["ReportView"];
/** Something that cannot be used; `row` counts as a spreadsheet does: the header is row 1. */
export type Problem = Schemas["ProblemView"];
/** An import, or a look at a file, and how far it is (`POST /imports`, `GET /imports/{name}`). */
export type Import = Schemas["ImportView"];
/** How a file is to be read (`POST /imports`). */
type Asked = Params<"post", typeof IMPORTS>;

/** How the file is written, where it does not say so itself. */
export interface Manner {
  tz: string;
  timeFormat: string;
  /** Of a text file alone. */
  decimal: string;
  encoding: NonNullable<Asked["encoding"]> | "";
}

const TEXT = [".csv", ".txt", ".tsv"];
export const FILES = [...TEXT, ".xlsx", ".parquet"].join();
export const isText = ({ name }: { name: string }): boolean => TEXT.some((end) => name.toLowerCase().endsWith(end));

/** What to ask the service for. */
export const asked = (asset: string, file: { name: string }, manner: Manner, dryRun: boolean): Asked => ({
  asset, name: file.name.slice(0, 200), tz: manner.tz.trim(), time_format: manner.timeFormat.trim(),
  ...(isText(file) && { decimal: manner.decimal, encoding: manner.encoding || undefined }), dry_run: dryRun,
});

export const isOver = ({ state }: Import): boolean => state !== "waiting" && state !== "running";

export const refusedOf = ({ refused }: Import): number => Object.values(refused).reduce((sum, n) => sum + n, 0);

/** `2,000 samples of 3 sensors can be used; 4 cells cannot.` */
export const foundText = (one: Import): string => texts().found(one.samples, one.report?.sensors.length ?? 0, refusedOf(one));

/** A sensor's name in a list about one machine: its key, and the whole path where it is another's, so that nobody overlooks it. */
export const nameIn = (machine: string, sensor: string): string => {
  const isOwn = sensor.startsWith(`${machine}/`) && !sensor.slice(machine.length + 1).includes("/");
  return isOwn ? sensor.slice(machine.length + 1) : sensor;
};

/** From the first to the last time of all sensors. */
export function spanOf({ sensors }: Report): { from: number; to: number } | null {
  if (sensors.length === 0) return null;
  return { from: Math.min(...sensors.map((s) => Date.parse(s.first))), to: Math.max(...sensors.map((s) => Date.parse(s.last))) };
}

const MOST_NAMED = 5;

/** What of the file is worth knowing before it is imported, in sentences. */
export function remarks({ duplicates, in_order: inOrder, notes, unknown }: Report): string[] {
  const t = texts();
  return [
    ...notes.map((note) => `${inFields(note)}.`),
    ...(duplicates > 0 ? [t.repeated(duplicates, !inOrder)] : []),
    ...(unknown.length > 0 ? [t.unknown(unknown.slice(0, MOST_NAMED), unknown.length - MOST_NAMED)] : []),
  ];
}
