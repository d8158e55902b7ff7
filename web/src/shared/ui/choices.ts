/** Choices found by the words somebody types. Pure. */

export interface Choice {
  value: string;
  text: string;
  /** Where it is, for telling equal texts apart. */
  place?: string;
}

/** Those that have every word somewhere, in their order: `press oil` finds the oil of every press. */
export function matching(choices: readonly Choice[], query: string): readonly Choice[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return choices.filter(({ value, text, place = "" }) => {
    const all = `${text} ${place} ${value}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
