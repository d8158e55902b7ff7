/** A list of alarms of any length: only rows on screen are drawn, it stands still under a hand, and keys reach all of it. */

import { ArrowUp } from "lucide-react";
import { useRef } from "react";
import type { Alarm } from "@/shared/api/types";
import type { Tree } from "@/shared/plant/tree";
import { Note } from "@/shared/ui/Page";
import { texts } from "../texts";
import { AlarmRow } from "./AlarmRow";
import css from "./AlarmTable.module.css";
import { useCursor } from "./useCursor";
import { useHands } from "./useHands";
import { useHeld } from "./useHeld";
import { useRowHeight } from "./useRowHeight";
import { useScrolled } from "./useScrolled";
import type { Command } from "./keys";
import type { Selecting } from "./useSelecting";
import { stretchOf } from "./window";

interface Props {
  label: string;
  /** Filtered and in order. */
  alarms: readonly Alarm[];
  tree: Tree;
  /** Said where there are none, and nothing is held. */
  empty: string;
  /** Absent where nothing can be done with many. */
  selecting?: Selecting | undefined;
  onOpen: (alarm: Alarm) => void;
  onAck?: ((alarm: Alarm) => void) | undefined;
  /** A key of a deed: `ack`, `shelve`, `help`; with the alarm where the keys are. */
  onCommand?: ((command: Command, at: Alarm | undefined) => void) | undefined;
}

export function AlarmTable({ label, alarms, tree, empty, selecting, onOpen, onAck, onCommand }: Props) {
  const row = useRowHeight(selecting !== undefined);
  const box = useRef<HTMLDivElement>(null);
  const hands = useHands();
  const [{ top, height }, readScroll] = useScrolled(box, row);
  const { rows, gone, waiting } = useHeld(alarms, hands.on || top > 0);
  const cursor = useCursor({ box, rows, row, readScroll, selecting, onOpen, onCommand });
  const { first, last } = stretchOf(top, height, row, rows.length);
  const letIn = (): void => {
    hands.away();
    box.current?.scrollTo(0, 0);
    readScroll();
  };
  return (
    <div className={css["frame"]}>
      {waiting > 0 && <button type="button" className={css["newer"]} onClick={letIn}><ArrowUp size={18} aria-hidden />{texts().newer(waiting)}</button>}
      <div className={css["box"]} ref={box} role="region" aria-label={label} tabIndex={-1} style={{ "--row": `${row}px` } as React.CSSProperties}
        onPointerMove={hands.stir} onPointerDown={hands.stir} onPointerLeave={(e) => e.pointerType === "mouse" && hands.away()} onKeyDown={(e) => { hands.stir(); cursor.press(e); }} onFocus={cursor.follow}>
        {rows.length === 0 ? <Note>{empty}</Note> : <table className={css["table"]} role="grid" aria-label={label} aria-rowcount={rows.length + 1} aria-multiselectable={selecting ? true : undefined}>
          <Heads />
          <tbody>
            <Space height={first * row} />
            {rows.slice(first, last).map((alarm, i) => (
              <AlarmRow key={alarm.id} alarm={alarm} tree={tree} index={first + i + 1} here={alarm.id === cursor.at} picked={selecting?.picks.ids.has(alarm.id) ?? false} gone={gone.has(alarm.id)}
                onPick={selecting?.pick} onAck={onAck} onOpen={onOpen} />
            ))}
            <Space height={(rows.length - last) * row} />
          </tbody>
        </table>}
      </div>
    </div>
  );
}

/** Rows that are not drawn. */
const Space = ({ height }: { height: number }) => (height > 0 ? <tr className={css["space"]} aria-hidden style={{ height }}><td colSpan={6} style={{ height }} /></tr> : null);

function Heads() {
  const { pick, severity, alarm, since, state, actions } = texts().heads;
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" className={css["check"]}><span className="visually-hidden">{pick}</span></th>
        <th scope="col" className={css["level"]}><span className="visually-hidden">{severity}</span></th>
        <th scope="col" className={css["what"]}>{alarm}</th>
        <th scope="col" className={css["when"]}>{since}</th>
        <th scope="col" className={css["state"]}>{state}</th>
        <th scope="col" className={css["acts"]}><span className="visually-hidden">{actions}</span></th>
      </tr>
    </thead>
  );
}
