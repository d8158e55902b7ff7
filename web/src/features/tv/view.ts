/** What a board on a wall shows, as it stands in its address: a part of the plant, and how long each picture stays. */

import { durationMs } from "@/shared/format/time";

export interface TvView {
  /** Path of the part of the plant; without it the whole plant. */
  under?: string;
  /** A duration: `20s`. */
  every?: string;
}

const USUAL_MS = 20_000;
const LEAST_MS = 5_000;
const MOST_MS = 600_000;
const LONGEST_TEXT = 300;

/** A view from search parameters; what makes no sense is dropped. */
export function readTv(search: Record<string, unknown>): TvView {
  const under = typeof search["under"] === "string" ? search["under"].slice(0, LONGEST_TEXT).replace(/^\/+|\/+$/g, "") : "";
  const every = typeof search["every"] === "string" && durationMs(search["every"].slice(0, 20)) > 0 ? search["every"] : "";
  return { ...(under && { under }), ...(every && { every }) };
}

/** How long a picture stays, in ms: long enough to be read, short enough to come back. */
export const stayMs = ({ every = "" }: TvView): number => Math.min(MOST_MS, Math.max(LEAST_MS, durationMs(every) || USUAL_MS));
