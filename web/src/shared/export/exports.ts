/** Exports: history as a file, made by the query service while one waits. */

import type { components } from "@/shared/api/generated/query";
import type { Body } from "@/shared/api/paths";
import { sizeText } from "@/shared/format/bytes";
import { shareText } from "@/shared/format/number";
import { lengthText } from "@/shared/format/time";
import { texts } from "./texts";

type Schemas = components["schemas"];

export const EXPORTS = "/api/query/v1/exports";

/** An export and how far it is (`POST /exports`, `GET /exports/{name}`). */
export type Export = Schemas["Export"];
/** What to export (`POST /exports`). */
export type Wish = Body<"post", typeof EXPORTS>;

/** File formats, with their words. */
export const formats = () => pairs(texts().formats);
/** Which values: every one, or one of each bucket. */
export const buckets = () => pairs(texts().buckets);
export const aggregates = () => pairs(texts().aggregates);

const pairs = <Word extends string>(words: Record<Word, string>): [Word, string][] => Object.entries(words) as [Word, string][];

/** What goes into a file: some sensors, or all below a place. */
export interface What {
  sensor?: string | readonly string[];
  under?: string;
}

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
export function wish(what: What, { from, to }: Stretch, choice: Choice, tz: string): Wish {
  return {
    ...(what.sensor === undefined ? { under: what.under } : { sensor: [what.sensor].flat() }),
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
  const { allRead, read, written, toGo } = texts();
  if (percent >= 100 && bytes === 0) return allRead(rows);
  const left = eta === null ? "" : ` · ${toGo(lengthText(eta * 1000))}`;
  return `${shareText(percent / 100, 0)} · ${read(rows)}${bytes > 0 ? `, ${written(sizeText(bytes))}` : ""}${left}`;
}
