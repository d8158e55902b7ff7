/** Which dead letters the page shows, as it stands in the address. */

import { isReason, type Reason } from "./reasons";

export interface LetterFilter {
  reason?: Reason | undefined;
  /** Plant path; only letters of topics at or below it. */
  under?: string | undefined;
  /** Text in the reason, the topic, the device or the bytes. */
  q?: string | undefined;
}

export function readLetterFilter(search: Record<string, unknown>): LetterFilter {
  const filter: LetterFilter = {};
  const reason = String(search["reason"] ?? "");
  if (isReason(reason)) filter.reason = reason;
  if (typeof search["under"] === "string" && search["under"]) filter.under = search["under"];
  const q = String(search["q"] ?? "").slice(0, 200);
  if (q) filter.q = q;
  return filter;
}

export const isNarrowed = ({ reason, under, q }: LetterFilter): boolean => Boolean(reason ?? under ?? q);
