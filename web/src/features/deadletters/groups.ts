/** Dead letters that say the same, as one line. Pure. */

import type { DeadLetter } from "@/shared/api/types";

/** Letters of one reason, in the same words, from the same place; newest first. */
export interface Group {
  key: string;
  newest: DeadLetter;
  letters: DeadLetter[];
}

/** In the order of their newest letters; letters come newest first. */
export function groupsOf(letters: readonly DeadLetter[]): Group[] {
  const groups = new Map<string, Group>();
  for (const letter of letters) {
    const key = JSON.stringify([letter.reason, letter.detail, letter.source, letter.device]);
    const group = groups.get(key);
    if (group) group.letters.push(letter);
    else groups.set(key, { key, newest: letter, letters: [letter] });
  }
  return [...groups.values()];
}
