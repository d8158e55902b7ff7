/** How lines are told apart: by colours that every eye tells apart, then by dashes. Pure. */

import { LINE_COLOURS } from "./colours";

export interface LineLook {
  colour: number;
  dash: number;
}

/** In CSS pixels; the first is a whole line. */
export const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3]];
const LOOKS = LINE_COLOURS * DASHES.length;

/** FNV-1a: the same for the same path, on every machine. */
const hash = (text: string): number => [...text].reduce((h, c) => Math.imul(h ^ (c.codePointAt(0) ?? 0), 16_777_619) >>> 0, 2_166_136_261);

/**
 * A look for each path. Whole lines first, a colour each, so that few lines never need dashes; which colour a sensor
 * has follows from its path: it keeps it when others come and go, as long as no other wants the same.
 */
export function looksFor(paths: readonly string[]): Map<string, LineLook> {
  const taken = new Set<number>();
  const found = new Map<string, LineLook>();
  for (const path of new Set(paths)) {
    const wanted = hash(path) % LINE_COLOURS;
    let at = wanted;
    for (let i = 0; i < LOOKS && taken.has(at); i += 1) {
      const lap = Math.floor((i + 1) / LINE_COLOURS);
      at = lap * LINE_COLOURS + ((wanted + i + 1) % LINE_COLOURS);
    }
    taken.add(at);
    found.set(path, { colour: at % LINE_COLOURS, dash: Math.floor(at / LINE_COLOURS) % DASHES.length });
  }
  return found;
}
