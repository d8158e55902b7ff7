/** The last hours of a state or a switch as one low strip; what it says now may stand at its end. */

import { shareText, valueText } from "@/shared/format/number";
import { qualityNow } from "@/shared/live/cells";
import { useCell, useNow } from "@/shared/live/hooks";
import { classOf, placeOf, type Looks, type Place } from "./drawn";
import { LAST_HOURS_MS, useLastHours } from "./lastHours";
import { looksOf } from "./looks";
import { cellsOf, isCrowded, sharesOf, spellsOf, type Spell } from "./spells";
import css from "./StateBar.module.css";
import { texts } from "./texts";

const STEP_MS = 30_000;
/** Of more changes than a strip has room for the shares of each stretch are drawn. */
const CELL_MS = 300_000;
const MOST_SPOKEN = 4;

function spoken(spells: readonly Spell[]): string {
  const shares = sharesOf(spells).slice(0, MOST_SPOKEN).map(({ word, share }) => `${word} ${shareText(share, 0)}`);
  return shares.length > 0 ? texts().lastHours(shares.join(", ")) : texts().nothing;
}

export function StateBar({ sensor, named = false }: { sensor: string; named?: boolean }) {
  const states = useLastHours(sensor);
  const to = useNow(STEP_MS);
  const window = { from: to - LAST_HOURS_MS, to };
  const spells = spellsOf((states ?? []).map(([start, , value]) => [start, value]), window.from, to);
  const looks = looksOf(spells.map(({ word }) => word));
  return (
    <span className={css["row"]}>
      <span className={css["strip"]} role="img" aria-label={spoken(spells)}>
        {isCrowded(spells, LAST_HOURS_MS) ? <Shares spells={spells} looks={looks} window={window} /> : spells.map((s) => <i key={s.from} className={classOf(looks, s.word)} style={placeOf(s, window)} />)}
      </span>
      {named && <Word sensor={sensor} />}
    </span>
  );
}

function Shares({ spells, looks, window }: { spells: readonly Spell[]; looks: Looks; window: Place }) {
  const order = sharesOf(spells).map(({ word }) => word);
  return cellsOf(spells, window.from, window.to, CELL_MS).map((cell) => (
    <span key={cell.to} className={css["cell"]} style={placeOf(cell, window)}>
      {order.map((word) => <i key={word} className={classOf(looks, word)} style={{ flexGrow: cell.parts.find((part) => part.word === word)?.share ?? 0 }} />)}
    </span>
  ));
}

function Word({ sensor }: { sensor: string }) {
  const cell = useCell(sensor);
  const now = useNow(1000);
  const isFresh = cell !== undefined && qualityNow(cell, now) === "good";
  return <b className={`${css["word"]} current`} data-fresh={isFresh}>{valueText(cell?.value)}</b>;
}
