/** The marks of one chart's time axis, kept while they are the same: a moving chart asks for them with each drawing. */

import { axisMarks, tickTexts } from "./ticks";

/** They are made for a little more than is seen, a part of the window at a time. */
const PARTS = 4;
const MINUTE = 60_000;

export class Marks {
  private made = { key: "", marks: [] as readonly number[] };
  private written = { key: "", texts: [] as string[] };

  /** Marks within a stretch that is `px` CSS pixels long. */
  of(from: number, to: number, px: number, now: number): number[] {
    const part = (to - from) / PARTS;
    const first = Math.floor(from / part);
    const key = [first, Math.round(to - from), px, Math.floor(now / MINUTE)].join();
    if (key !== this.made.key) {
      const wider = (PARTS + 1) / PARTS;
      this.made = { key, marks: axisMarks(first * part, (first + PARTS + 1) * part, px * wider, now) };
    }
    return this.made.marks.filter((ts) => ts >= from && ts <= to);
  }

  texts(splits: readonly number[], now: number): string[] {
    const key = [splits[0], splits.at(-1), splits.length, Math.floor(now / MINUTE)].join();
    if (key !== this.written.key) this.written = { key, texts: tickTexts(splits, now) };
    return this.written.texts;
  }
}
