/** The last hours of a state or a switch as one low strip; what it says now stands at its end. */

import { Spells } from "@/features/sensor/StateStrip";
import { looksOf } from "@/features/sensor/looks";
import { spellsOf } from "@/features/sensor/spells";
import { valueText } from "@/shared/format/number";
import { qualityNow } from "@/shared/live/cells";
import { useCell, useNow } from "@/shared/live/hooks";
import css from "./StateBar.module.css";
import { STATES_MS, useStates } from "./states";

const STEP_MS = 30_000;

export function StateBar({ sensor, named = false }: { sensor: string; named?: boolean }) {
  const states = useStates(sensor);
  const now = useNow(STEP_MS);
  const from = now - STATES_MS;
  const spells = spellsOf((states ?? []).map(([start, , value]) => [start, value]), from, now);
  return (
    <span className={css["row"]}>
      <span className={css["strip"]}>{spells.length > 0 && <Spells spells={spells} looks={looksOf(spells.map((s) => s.word))} window={{ from, to: now }} onPick={undefined} />}</span>
      {named && <Word sensor={sensor} />}
    </span>
  );
}

function Word({ sensor }: { sensor: string }) {
  const cell = useCell(sensor);
  const now = useNow(1000);
  const isFresh = cell !== undefined && qualityNow(cell, now) === "good";
  return <b className={`${css["word"]} current`} data-fresh={isFresh}>{valueText(cell?.value)}</b>;
}
