/** A state's history as spells: from when to when it said what. */

export interface Spell {
  from: number;
  to: number;
  word: string;
}

/** Neighbouring equal words become one spell; the last lasts until `end`. */
export function spellsOf(points: readonly (readonly [ts: number, value: unknown])[], start: number, end: number): Spell[] {
  const spells: Spell[] = [];
  for (const [ts, value] of points) {
    const word = String(value);
    const last = spells.at(-1);
    if (last) last.to = Math.max(last.from, ts);
    if (last?.word !== word) spells.push({ from: Math.max(ts, start), to: ts, word });
  }
  const last = spells.at(-1);
  if (last) last.to = Math.max(last.from, end);
  return spells.filter((s) => s.to > start);
}

export function sharesOf(spells: readonly Spell[]): { word: string; ms: number; share: number }[] {
  const sums = new Map<string, number>();
  for (const { word, from, to } of spells) sums.set(word, (sums.get(word) ?? 0) + to - from);
  const total = [...sums.values()].reduce((a, b) => a + b, 0) || 1;
  return [...sums].map(([word, ms]) => ({ word, ms, share: ms / total })).sort((a, b) => b.ms - a.ms);
}
