/** The stretch of time a chart shows, as it stands in the address: a moving range, or a fixed window. */

import { LATEST_MS } from "@/shared/format/moment";
import { durationMs } from "@/shared/format/time";

export interface View {
  range?: string | undefined;
  /** Epoch ms; both or none. */
  from?: number | undefined;
  to?: number | undefined;
}

const LONGEST_TEXT = 20;
/** Longer than any history, and short enough for a clock to tell where it begins. */
const LONGEST_MS = 100 * 365 * 86_400_000;

/** A view from search parameters; what makes no sense is dropped. */
export function readView(search: Record<string, unknown>): View {
  const from = Number(search["from"]);
  const to = Number(search["to"]);
  if (from > 0 && to > from && to <= LATEST_MS) return { from, to };
  const range = String(search["range"] ?? "");
  return isStretch(range) ? { range } : {};
}

/** Whether a text is a stretch of time that a history may have. */
export function isStretch(text: string): boolean {
  const length = text.length <= LONGEST_TEXT ? durationMs(text) : Number.NaN;
  return length > 0 && length <= LONGEST_MS;
}
