/** Exports: history as a file, made by the query service while one waits. */

import type { components } from "@/shared/api/generated/query";
import type { Body } from "@/shared/api/paths";
import { sizeText } from "@/shared/format/bytes";
import { countOf, shareText } from "@/shared/format/number";
import { lengthText } from "@/shared/format/time";

type Schemas = components["schemas"];

export const EXPORTS = "/api/query/v1/exports";

/** An export and how far it is (`POST /exports`, `GET /exports/{name}`). */
export type Export = Schemas["Export"];
/** What to export (`POST /exports`). */
export type Wish = Body<"post", typeof EXPORTS>;

export const FORMATS = [
  ["csv", "CSV: text, for spreadsheets and programs"],
  ["xlsx", "Excel workbook"],
  ["parquet", "Parquet: typed columns, small"],
  ["arrow", "Arrow stream"],
  ["json", "JSON: a list of rows"],
  ["ndjson", "NDJSON: a row a line"],
] as const;

/** Which values: every one, or one of each bucket. */
export const VALUES = [
  ["", "Every value"],
  ["1m", "One a minute"],
  ["1h", "One an hour"],
  ["shift", "One a shift"],
  ["day", "One a day"],
  ["week", "One a week"],
] as const;

export const AGGREGATES = [
  ["mean", "Mean"],
  ["min", "Least"],
  ["max", "Greatest"],
  ["last", "Last"],
  ["sum", "Sum"],
  ["count", "Number of values"],
  ["stddev", "Standard deviation"],
] as const;

export interface Choice {
  format: Export["format"];
  bucket: string;
  agg: string;
  /** A row for each value, with its quality, instead of a column for each sensor. */
  quality: boolean;
}

export interface Stretch {
  from: number;
  to: number;
}

/** What to ask the service for; without sensors, all below `under`. */
export function wish(what: { sensor?: string; under?: string }, { from, to }: Stretch, choice: Choice, tz: string): Wish {
  return {
    ...(what.sensor === undefined ? { under: what.under } : { sensor: [what.sensor] }),
    from: String(Math.floor(from)),
    to: String(Math.ceil(to)),
    format: choice.format,
    layout: choice.quality ? "long" : "wide",
    tz,
    ...(choice.bucket && { bucket: choice.bucket, agg: choice.agg }),
  };
}

/** What is going on. A workbook is written to its file at the very end: until then there is no size to tell. */
export function progressText({ rows, bytes, percent, eta }: Export): string {
  const values = countOf(rows, "value");
  if (percent >= 100 && bytes === 0) return `All ${values} are read; the file is being put together.`;
  const left = eta === null ? "" : ` · about ${lengthText(eta * 1000)} to go`;
  return `${shareText(percent / 100, 0)} · ${values} read${bytes > 0 ? `, ${sizeText(bytes)} written` : ""}${left}`;
}
