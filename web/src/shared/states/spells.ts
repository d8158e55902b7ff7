/** A state's history as spells: from when to when it said what; and as shares of time. Pure: times in epoch ms. */

import { valueText } from "@/shared/format/number";
import type { Value } from "@/shared/api/types";

export interface Spell {
  from: number;
  to: number;
  word: string;
}

/** How long a word held, all times together; `share` of the time in which a word is known. */
export interface Share {
  word: string;
  ms: number;
  share: number;
}

/** A stretch of time, and what part of it each word held: less than 1 together where nothing is known. */
export interface Cell {
  from: number;
  to: number;
  parts: { word: string; share: number }[];
}

/** Up to when it is known what held, of a window that ends at `end`: nobody knows the future. */
export const knownUntil = (states: readonly (readonly [start: number, end: number, value: Value])[], end: number): number => Math.min(end, states.at(-1)?.[1] ?? end);

/** Neighbouring equal words become one spell; the last lasts until `end`. A switch is On or Off. */
export function spellsOf(points: readonly (readonly [ts: number, value: Value])[], start: number, end: number): Spell[] {
  const spells: Spell[] = [];
  for (const [ts, value] of points) {
    const word = valueText(value);
    const last = spells.at(-1);
    if (last) last.to = Math.max(last.from, ts);
    if (last?.word !== word) spells.push({ from: Math.max(ts, start), to: ts, word });
  }
  const last = spells.at(-1);
  if (last) last.to = Math.max(last.from, end);
  return spells.filter((s) => s.to > start && s.to > s.from); // of two changes within a millisecond only the last is seen
}

export function sharesOf(spells: readonly Spell[]): Share[] {
  const sums = new Map<string, number>();
  for (const { word, from, to } of spells) sums.set(word, (sums.get(word) ?? 0) + to - from);
  const total = [...sums.values()].reduce((a, b) => a + b, 0) || 1;
  return [...sums].map(([word, ms]) => ({ word, ms, share: ms / total })).sort((a, b) => b.ms - a.ms);
}

const NARROW = 1 / 500;
const MOST_NARROW = 60;

/** Whether so many spells are too narrow to be seen one by one that their shares tell more. */
export const isCrowded = (spells: readonly Spell[], span: number): boolean =>
  spells.filter((s) => s.to - s.from < span * NARROW).length > MOST_NARROW;

/** Spells in order of time cut into cells of `width`, aligned to the epoch: they stay while the window moves on. */
export function cellsOf(spells: readonly Spell[], from: number, to: number, width: number): Cell[] {
  const cells: Cell[] = [];
  let i = 0;
  for (let at = Math.floor(from / width) * width; at < to; at += width) {
    const [start, end] = [Math.max(at, from), Math.min(at + width, to)];
    const sums = new Map<string, number>();
    while ((spells[i]?.to ?? Infinity) <= start) i += 1;
    for (let j = i; (spells[j]?.from ?? Infinity) < end; j += 1) {
      const { word, from: begun, to: ended } = spells[j] as Spell;
      sums.set(word, (sums.get(word) ?? 0) + (Math.min(ended, end) - Math.max(begun, start)) / (end - start));
    }
    if (sums.size > 0) cells.push({ from: start, to: end, parts: [...sums].map(([word, share]) => ({ word, share })) });
  }
  return cells;
}
