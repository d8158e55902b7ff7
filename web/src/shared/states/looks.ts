/** What a state looks like: by its lightness what it means, by its pattern which word it is. No colour is needed. Pure. */

import { machineState } from "@/shared/plant/condition";

export interface Look {
  kind: "running" | "waiting" | "stopped" | "fault" | "unknown";
  /** 0 is plain; words of one kind take one pattern each. */
  pattern: number;
}

export const PATTERNS = 5;

/** Of what stands still, only what was stopped, or broke down, is dark: the rest is as calm as an open switch. */
function kindOf(word: string): Look["kind"] {
  const state = machineState(word);
  return state === "stopped" && !/stop|down/i.test(word) ? "waiting" : state;
}

/** The usual words, before all others: they are plain. */
const USUAL = /^(run|idle|stop|fault|on|off)/i;
const byUse = (a: string, b: string): number => Number(USUAL.test(b)) - Number(USUAL.test(a)) || (a < b ? -1 : 1);

/** A look for each word, the same whatever their order. Words of no known meaning are never plain. */
export function looksOf(words: Iterable<string>): Map<string, Look> {
  const taken = new Map<string, number>();
  const looks = new Map<string, Look>();
  for (const word of [...new Set(words)].sort(byUse)) {
    const kind = kindOf(word);
    const before = taken.get(kind) ?? 0;
    looks.set(word, { kind, pattern: kind === "unknown" ? 1 + (before % (PATTERNS - 1)) : before % PATTERNS });
    taken.set(kind, before + 1);
  }
  return looks;
}
