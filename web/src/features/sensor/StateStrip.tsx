/** A strip of time: each spell of a state, or, where they are too narrow to be seen, the share of each in a cell. */

import { fullTimeText, lengthText } from "@/shared/format/time";
import { shareText } from "@/shared/format/number";
import { classOf, placeOf, type Looks, type Place } from "@/shared/states/drawn";
import type { Cell, Spell } from "@/shared/states/spells";
import { texts } from "./texts";
import { useWalk } from "./useWalk";
import css from "./StateStrip.module.css";

export const Swatch = ({ looks, word }: { looks: Looks; word: string }) => <i className={`${css["swatch"]} ${classOf(looks, word)}`} aria-hidden />;

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

/** Above the strip: the words of spells that are wide enough for them. */
export function Names({ spells, window }: { spells: readonly Spell[]; window: Place }) {
  const wide = spells.filter((s) => s.to - s.from > 0.09 * (window.to - window.from));
  return <div className={css["names"]} aria-hidden>{wide.map((s) => <span key={s.from} style={placeOf(s, window)}>{s.word}</span>)}</div>;
}
