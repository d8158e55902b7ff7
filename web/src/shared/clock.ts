/** The server's clock: tablets on a shop floor are often minutes off, and ages would lie. */

let offset = 0;

/** Learn from an answer's `Date` header; differences a header's one-second step explains are ignored. */
export function learnClock(dateHeader: string | null, here = Date.now()): void {
  const there = Date.parse(dateHeader ?? "");
  if (Number.isNaN(there)) return;
  const found = there + 500 - here;
  offset = Math.abs(found) < 3_000 ? 0 : found;
}

/** Epoch ms as the server counts it. */
export const serverNow = (): number => Date.now() + offset;
