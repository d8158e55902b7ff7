/** Replaying dead letters: call by call until all that match were tried, and what came of it in words. */

import { post } from "@/shared/api/http";
import type { Replayed, StillRefused } from "@/shared/api/types";
import type { LetterFilter } from "./filter";
import { reasonText } from "./reasons";
import { texts } from "./texts";

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
  const t = texts();
  const all = replayed + still_refused;
  if (all === 0) return t.noneMatches;
  if (replayed === 0) return all === 1 ? t.oneUnusable : t.noneUsable(all);
  return still_refused === 0 ? t.allUsable(all) : t.someUsable(all, replayed);
}

/** Why one letter stays: the reason of now, which may be another than the one it came with. */
export function stillText({ refused: [why] }: Replayed): string {
  return why ? texts().stillRefused(why.detail.replace(/\.$/, ""), reasonText(why.reason)) : texts().stillRefusedSo;
}

/** What a replay did. */
export function doneText({ replayed, still_refused }: Replayed): string {
  const { used, stay, nothingLeft } = texts();
  if (replayed + still_refused === 0) return nothingLeft;
  return [replayed > 0 && used(replayed), still_refused > 0 && stay(still_refused)].filter(Boolean).join(" ");
}
