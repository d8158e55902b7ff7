/** How stretches of states are drawn wherever they are: the look of each word, and its place on a strip. */

import css from "./Looks.module.css";
import type { Look } from "./looks";

export type Looks = ReadonlyMap<string, Look>;

/** Classes of a word's look. */
export function classOf(looks: Looks, word: string): string {
  const { kind, pattern } = looks.get(word) ?? { kind: "unknown", pattern: 1 };
  return `${css[kind]} ${css[`pattern${pattern}`] ?? ""}`;
}

/** Epoch ms. */
export interface Place {
  from: number;
  to: number;
}

/** Where a stretch lies on the strip, in percent; never so narrow that it is lost, and without a seam to the next. */
export function placeOf(one: Place, { from, to }: Place): React.CSSProperties {
  const [left, right] = [one.from, one.to].map((ts) => (100 * (Math.min(to, Math.max(from, ts)) - from)) / (to - from)) as [number, number];
  return { left: `${left}%`, width: `max(1px, ${right - left}% + 0.5px)` };
}
