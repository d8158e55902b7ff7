/**
 * Finds among many things by the words of their names and places: in any order, begun or misspelt, best first. Pure.
 *
 * The plant has tens of thousands of sensors, but few different words: what is typed is compared with each word once,
 * and each thing only looks up how its words have done. See `finder.bench.ts`.
 */

import { isSubsequence, likeness, wordsOf } from "./words";

export interface Findable {
  name: string;
  /** Where it is, or what else it is called: counts, but less than the name. */
  place: string;
  /** Added to a match: what is wanted more often comes first among equals. */
  weight?: number;
}

interface Prepared<T> {
  thing: T;
  /** Numbers of the words of its name, then of its place. */
  words: readonly number[];
  /** So many of them are of the name. */
  named: number;
}

const IN_PLACE = 0.7;
/** Words that follow one another as they were typed: `line 1 press 2` is not `line 2 press 1`. */
const IN_ORDER = 0.15;
/** The name is what was typed, and no more. */
const WHOLE = 0.4;
/** Of a name that has more words than were typed: the shorter one first. */
const PER_WORD = 0.01;

export class Finder<T extends Findable> {
  private readonly numbers = new Map<string, number>();
  private readonly vocabulary: string[] = [];
  /** Names and places repeat: a place once per sensor of a machine. */
  private readonly known = new Map<string, readonly number[]>();
  private readonly prepared: Prepared<T>[];

  constructor(things: readonly T[]) {
    this.prepared = things.map((thing) => {
      const name = this.numbersOf(thing.name);
      return { thing, named: name.length, words: [...name, ...this.numbersOf(thing.place)] };
    });
  }

  /** The best `most` matches of what somebody typed, and how many there are. */
  find(query: string, most: number): { found: T[]; count: number } {
    const typed = wordsOf(query);
    if (typed.length === 0) return { found: [], count: 0 };
    const likes = typed.map((word) => Float64Array.from(this.vocabulary, (known) => likeness(word, known)));
    let scored = this.scored((one) => score(one, likes));
    // `oiltemp`: nobody's word, but the beginning of two.
    if (scored.length === 0) scored = this.scored((one) => this.scoreRun(one, typed.join("")));
    scored.sort((a, b) => b.score - a.score || (a.thing.name < b.thing.name ? -1 : a.thing.name > b.thing.name ? 1 : 0));
    return { found: scored.slice(0, most).map(({ thing }) => thing), count: scored.length };
  }

  private scored(by: (one: Prepared<T>) => number): { thing: T; score: number }[] {
    const all: { thing: T; score: number }[] = [];
    for (const one of this.prepared) {
      const points = by(one);
      if (points > 0) all.push({ thing: one.thing, score: points + (one.thing.weight ?? 0) });
    }
    return all;
  }

  private scoreRun({ words, named }: Prepared<T>, typed: string): number {
    const text = words.slice(0, named).map((n) => this.vocabulary[n]).join("");
    return text[0] === typed[0] && isSubsequence(typed, text) ? typed.length / text.length : 0;
  }

  private numbersOf(text: string): readonly number[] {
    let numbers = this.known.get(text);
    if (!numbers) {
      numbers = wordsOf(text).map((word) => {
        const number = this.numbers.get(word) ?? this.vocabulary.push(word) - 1;
        this.numbers.set(word, number);
        return number;
      });
      this.known.set(text, numbers);
    }
    return numbers;
  }
}

/** Each typed word must be like one of the thing's; 0 where one is like none. */
function score({ words, named }: Prepared<unknown>, likes: readonly Float64Array[]): number {
  let sum = 0;
  let exact = 0;
  for (const like of likes) {
    let best = 0;
    for (let i = 0; i < words.length; i++) best = Math.max(best, (like[words[i] ?? 0] ?? 0) * (i < named ? 1 : IN_PLACE));
    if (best === 0) return 0;
    if (best === 1) exact++;
    sum += best;
  }
  for (let t = 1; t < likes.length; t++) if (follow(words, likes[t - 1], likes[t])) sum += IN_ORDER;
  return sum / likes.length + (exact === named && exact === likes.length ? WHOLE : 0) - PER_WORD * named;
}

function follow(words: readonly number[], first: Float64Array | undefined, second: Float64Array | undefined): boolean {
  return words.some((word, i) => i > 0 && (first?.[words[i - 1] ?? 0] ?? 0) > 0.5 && (second?.[word] ?? 0) > 0.5);
}
