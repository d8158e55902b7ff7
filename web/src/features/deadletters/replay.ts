/** Replaying dead letters: call by call until all that match were tried, and what came of it in words. */

import { post } from "@/shared/api/http";
import type { Replayed, StillRefused } from "@/shared/api/types";
import { countOf, countText } from "@/shared/format/number";
import type { LetterFilter } from "./filter";
import { reasonText } from "./reasons";

export const LETTERS_URL = "/api/ingest/v1/deadletters";
const MOST_TOLD = 5;

/**
 * Try all letters that match and came before `until` (ISO 8601), oldest first.
 *
 * `onStep` hears the sum after each call. Throws Problem; what was replayed until then is done.
 */
export async function replayAll(filter: LetterFilter, until: string, isDry: boolean, onStep: (sum: Replayed) => void = () => undefined): Promise<Replayed> {
  let sum: Replayed = { replayed: 0, still_refused: 0, refused: [], next_cursor: null };
  do {
    const step = await post(`${LETTERS_URL}/replay`, {}, { ...filter, to: until, cursor: sum.next_cursor, dry_run: isDry });
    sum = added(sum, step);
    onStep(sum);
  } while (sum.next_cursor);
  return sum;
}

export const added = (sum: Replayed, step: Replayed): Replayed => ({
  replayed: sum.replayed + step.replayed,
  still_refused: sum.still_refused + step.still_refused,
  refused: step.refused.reduce(told, sum.refused),
  next_cursor: step.next_cursor,
});

/** Those that say the same are one. */
function told(known: StillRefused[], one: StillRefused): StillRefused[] {
  const isSame = (other: StillRefused): boolean => other.source === one.source && other.reason === one.reason && other.detail === one.detail;
  if (known.some(isSame)) return known.map((other) => (isSame(other) ? { ...other, count: other.count + one.count } : other));
  return known.length < MOST_TOLD ? [...known, one] : known;
}

/** What a replay would do. */
export function planText({ replayed, still_refused }: Replayed): string {
  const all = replayed + still_refused;
  if (all === 0) return "No letter matches any more.";
  if (replayed === 0) return all === 1 ? "The one that matches cannot be used as the plant is now." : `None of the ${countOf(all, "letter")} that match can be used as the plant is now.`;
  const match = `${countOf(all, "letter")} ${all === 1 ? "matches" : "match"}.`;
  if (still_refused === 0) return `${match} ${all === 1 ? "It can" : "All of them can"} be used now.`;
  return `${match} ${countText(replayed)} of them can be used now; the others stay.`;
}

/** Why one letter stays: the reason of now, which may be another than the one it came with. */
export function stillText({ refused: [why] }: Replayed): string {
  return why ? `Still refused: ${why.detail.replace(/\.$/, "")} (${reasonText(why.reason).toLowerCase()}). The letter stays.` : "Still refused; the letter stays.";
}

/** What a replay did. */
export function doneText({ replayed, still_refused }: Replayed): string {
  const used = replayed === 1 ? "1 letter is readings now, at its own time." : `${countOf(replayed, "letter")} are readings now, each at its own time.`;
  const stay = still_refused === 1 ? "1 letter stays." : `${countOf(still_refused, "letter")} stay.`;
  if (replayed + still_refused === 0) return "Nothing was left to replay; somebody else was first.";
  return [replayed > 0 && used, still_refused > 0 && stay].filter(Boolean).join(" ");
}
