/** Exports: history as a file, made by the query service while one waits. */

export const EXPORTS = "/api/query/v1/exports";

/** An export and how far it is (`POST /exports`, `GET /exports/{id}`). */
export interface Export {
  id: string;
  state: "waiting" | "running" | "done" | "failed";
  detail: string;
  name: string;
  rows: number;
  bytes: number;
  percent: number;
  /** Seconds, as far as one can say. */
  eta: number | null;
}

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
  format: string;
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
export function wish(what: { sensor?: string; under?: string }, { from, to }: Stretch, choice: Choice, tz: string): Record<string, unknown> {
  return {
    ...(what.sensor === undefined ? { under: what.under } : { sensor: [what.sensor] }),
    from: Math.floor(from),
    to: Math.ceil(to),
    format: choice.format,
    layout: choice.quality ? "long" : "wide",
    tz,
    ...(choice.bucket && { bucket: choice.bucket, agg: choice.agg }),
  };
}

const SIZES = [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]] as const;

/** `12.3 MB`. */
export function sizeText(bytes: number): string {
  const [unit, size] = SIZES.find(([, s]) => bytes >= s) ?? ["B", 1];
  return `${size === 1 ? bytes : (bytes / size).toFixed(1)} ${unit}`;
}
