/** Two people at one thing: whoever saves last must not undo, unseen, what the other did. */

import { texts } from "./texts";

/** What one looked at is not what is there any more. */
export class ChangedMeanwhile extends Error {}

/**
 * Throws ChangedMeanwhile unless `now` says the same as `seen`, as far as people can edit it.
 *
 * The registry has no versions to ask for: between this look and the write a moment is left.
 */
export function requireSame<T extends object>(seen: T, now: T, fields: readonly (keyof T)[]): void {
  const text = (one: T): string => JSON.stringify(fields.map((field) => sorted(one[field])));
  if (text(seen) !== text(now)) throw new ChangedMeanwhile(texts().changedMeanwhile);
}

/** Keys in one order; what is undefined says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}
