/** The stretch of time a chart shows, as it stands in the address: a moving range, or a fixed window. */

import { durationMs } from "@/shared/format/time";

export interface View {
  range?: string | undefined;
  /** Epoch ms; both or none. */
  from?: number | undefined;
  to?: number | undefined;
}

const LONGEST_TEXT = 20;

/** A view from search parameters; what makes no sense is dropped. */
export function readView(search: Record<string, unknown>): View {
  const from = Number(search["from"]);
  const to = Number(search["to"]);
  if (Number.isFinite(from) && Number.isFinite(to) && from > 0 && to > from) return { from, to };
  const range = String(search["range"] ?? "");
  return range.length <= LONGEST_TEXT && durationMs(range) > 0 ? { range } : {};
}
