/** A strip of time: each spell of a state, or, where they are too narrow to be seen, the share of each in a cell. */

import { fullTimeText, lengthText } from "@/shared/format/time";
import { shareText } from "@/shared/format/number";
import type { Look } from "./looks";
import type { Cell, Spell } from "./spells";
import { marksOf, tickTexts } from "@/shared/chart/ticks";
import { texts } from "./texts";
import { useWalk } from "./useWalk";
import css from "./StateStrip.module.css";

export type Looks = ReadonlyMap<string, Look>;

const classOf = (looks: Looks, word: string): string => {
  const { kind, pattern } = looks.get(word) ?? { kind: "unknown", pattern: 1 };
  return `${css[kind]} ${css[`pattern${pattern}`] ?? ""}`;
};

export const Swatch = ({ looks, word }: { looks: Looks; word: string }) => <i className={`${css["swatch"]} ${classOf(looks, word)}`} aria-hidden />;

interface Place {
  from: number;
  to: number;
}

/** Where a stretch lies on the strip, in percent; never so narrow that it is lost, and without a seam to the next. */
function placeOf(one: Place, { from, to }: Place): React.CSSProperties {
  const [left, right] = [one.from, one.to].map((ts) => (100 * (Math.min(to, Math.max(from, ts)) - from)) / (to - from)) as [number, number];
  return { left: `${left}%`, width: `max(1px, ${right - left}% + 0.5px)` };
}

interface SpellsProps {
  spells: readonly Spell[];
  looks: Looks;
  window: Place;
  onPick: ((spell: Spell) => void) | undefined;
}

const MOST_SPOKEN = 10;

/** The strip for who does not see it: the newest spells, for they matter most. */
function spoken(spells: readonly Spell[]): string {
  const words = texts().states;
  const newest = spells.slice(-MOST_SPOKEN);
  const head = newest.length < spells.length ? words.lastOf(MOST_SPOKEN, spells.length) : words.history;
  return `${head}: ${newest.map(spellText).join("; ")}`;
}

const spellText = (s: Spell): string => texts().states.from(s.word, fullTimeText(s.from), lengthText(s.to - s.from));

export function Spells({ spells, looks, window, onPick }: SpellsProps) {
  const walk = useWalk(spells, (s) => s.from, spellText, onPick);
  return (
    <div {...walk.keys} aria-label={`${texts().states.history}. ${texts().states.keys}`}>
      <div className={css["strip"]} role="img" aria-label={spoken(spells)}>
        {spells.map((s) => (
          <i key={s.from} className={classOf(looks, s.word)} style={placeOf(s, window)} data-pick={onPick !== undefined} data-here={s === walk.here} onClick={() => onPick?.(s)}
            title={spellText(s)} />
        ))}
      </div>
      {walk.told}
    </div>
  );
}

interface CellsProps {
  cells: readonly Cell[];
  looks: Looks;
  window: Place;
  /** From the ground up. */
  order: readonly string[];
  onPick: (cell: Cell) => void;
}

export function Cells({ cells, looks, window, order, onPick }: CellsProps) {
  const rank = new Map(order.map((word, i) => [word, i]));
  const sorted = (cell: Cell): Cell["parts"] => [...cell.parts].sort((a, b) => (rank.get(a.word) ?? Infinity) - (rank.get(b.word) ?? Infinity));
  const walk = useWalk(cells, (cell) => cell.to, (cell) => textOf(cell, sorted(cell)), onPick);
  return (
    <div {...walk.keys} aria-label={`${texts().states.share}. ${texts().states.keys}`}>
      <div className={css["strip"]} role="img" aria-label={texts().states.share}>
        {cells.map((cell) => (
          <span key={cell.to} className={css["cell"]} style={placeOf(cell, window)} data-pick data-here={cell === walk.here} onClick={() => onPick(cell)} title={textOf(cell, sorted(cell))}>
            {sorted(cell).map(({ word, share }) => <i key={word} className={classOf(looks, word)} style={{ flexGrow: share }} />)}
            <s style={{ flexGrow: 1 - cell.parts.reduce((sum, { share }) => sum + share, 0) }} />
          </span>
        ))}
      </div>
      {walk.told}
    </div>
  );
}

const textOf = (cell: Cell, parts: Cell["parts"]): string =>
  [`${fullTimeText(cell.from)}, ${lengthText(cell.to - cell.from)}`, ...parts.map(({ word, share }) => `${word} ${shareText(share)}`)].join("\n");

const MOST_MARKS = 7;
/** So near to an end a label would not stand whole; the end itself is named. */
const EDGE = 0.04;

/** Below the strip: round times where they lie. */
export function Times({ window: { from, to }, now }: { window: Place; now: number }) {
  const at = (ts: number): number => (ts - from) / (to - from);
  const marks = marksOf(from, to, MOST_MARKS).filter((ts) => at(ts) > EDGE && at(ts) < 1 - EDGE);
  const texts = tickTexts(marks, now);
  return <div className={css["times"]} aria-hidden>{marks.map((ts, i) => <span key={ts} style={{ left: `${100 * at(ts)}%` }}>{texts[i]}</span>)}</div>;
}

/** Above the strip: the words of spells that are wide enough for them. */
export function Names({ spells, window }: { spells: readonly Spell[]; window: Place }) {
  const wide = spells.filter((s) => s.to - s.from > 0.09 * (window.to - window.from));
  return <div className={css["names"]} aria-hidden>{wide.map((s) => <span key={s.from} style={placeOf(s, window)}>{s.word}</span>)}</div>;
}
