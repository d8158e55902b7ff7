/** Below a strip of states: round times where they lie. */

import { marksOf, tickTexts } from "@/shared/chart/ticks";
import type { Place } from "./drawn";
import css from "./Times.module.css";

const MOST_MARKS = 7;
/** So near to an end a label would not stand whole; the end itself is named. */
const EDGE = 0.04;

export function Times({ window: { from, to }, now }: { window: Place; now: number }) {
  const at = (ts: number): number => (ts - from) / (to - from);
  const marks = marksOf(from, to, MOST_MARKS).filter((ts) => at(ts) > EDGE && at(ts) < 1 - EDGE);
  const texts = tickTexts(marks, now);
  return <div className={css["times"]} aria-hidden>{marks.map((ts, i) => <span key={ts} style={{ left: `${100 * at(ts)}%` }}>{texts[i]}</span>)}</div>;
}
