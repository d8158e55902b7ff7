/** Words of texts, as people type them: lower case, without accents, letters and digits apart. Pure. */

const MARKS = /\p{M}/gu;
const SOFT_HYPHEN = "\u00ad";

const fold = (text: string): string => text.replaceAll(SOFT_HYPHEN, "").normalize("NFD").replace(MARKS, "").toLowerCase().replaceAll("ß", "ss");

/** `Robot-3` -> robot, 3; `Öltemperatur` -> oltemperatur; `zone_1` -> zone, 1. */
export const wordsOf = (text: string): string[] => fold(text).match(/\p{L}+|\p{N}+/gu) ?? [];

/** Whether the letters of `typed` come in `word` in their order. */
export function isSubsequence(typed: string, word: string): boolean {
  let at = 0;
  for (let i = 0; i < word.length && at < typed.length; i++) if (word[i] === typed[at]) at++;
  return at === typed.length;
}

/** Whether `a` becomes `b` by at most `most` letters changed, added, left out, or swapped with their neighbour. */
export function isNearly(a: string, b: string, most: number): boolean {
  if (Math.abs(a.length - b.length) > most) return false;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      next.push(cost);
    }
    [before, row] = [row, next];
  }
  return (row[b.length] ?? Infinity) <= most;
}

/** From how many letters on a slip is forgiven, and two are. */
const ONE_SLIP = 3;
const TWO_SLIPS = 8;

/** How well a word is what was typed: 1 the same, 0 not at all. Digits are never "nearly" others. */
export function likeness(typed: string, word: string): number {
  if (word === typed) return 1;
  if (word.startsWith(typed)) return 0.7 + (0.2 * typed.length) / word.length;
  if (/^\p{N}/u.test(typed)) return 0;
  if (typed.length >= 2 && word.includes(typed)) return 0.6;
  if (typed.length < ONE_SLIP) return 0;
  const slips = typed.length >= TWO_SLIPS ? 2 : 1;
  // Also of one who has not typed the word to its end.
  if (isNearly(typed, word, slips) || (word.length > typed.length && isNearly(typed, word.slice(0, typed.length), slips))) return 0.45;
  return word[0] === typed[0] && isSubsequence(typed, word) ? 0.3 : 0;
}
