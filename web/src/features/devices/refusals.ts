/** What devices tried to publish outside their part of the plant. */

import type { DeadLetter } from "@/shared/api/types";

/** The newest letter of each device, by its user name; letters come newest first. */
export function newestPerDevice(letters: readonly DeadLetter[]): Map<string, DeadLetter> {
  const newest = new Map<string, DeadLetter>();
  for (const letter of letters) if (letter.device && !newest.has(letter.device)) newest.set(letter.device, letter);
  return newest;
}
