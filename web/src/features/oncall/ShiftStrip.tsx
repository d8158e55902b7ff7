/** Shifts of the next two weeks as a strip; the list is read out. */

import type { Shift } from "@/shared/api/types";
import { fullTimeText } from "@/shared/format/time";
import css from "./OnCallPage.module.css";
import { midnights, placesOf } from "./plans";

const day = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "2-digit", month: "2-digit" });
const spoken = ({ member, from, to }: { member: string | null; from: number; to: number }): string =>
  `${member ?? "Nobody"}: ${fullTimeText(from)} to ${fullTimeText(to)}`;

export function ShiftStrip({ shifts, start, end }: { shifts: readonly Shift[]; start: number; end: number }) {
  const places = placesOf(shifts, start, end);
  return (
    <>
      <div className={css["strip"]} role="img" aria-label={places.map(spoken).join("; ")}>
        {places.map((one) => (
          <span key={one.from} className={one.member === null ? css["nobody"] : ""} style={{ left: `${one.left}%`, width: `${one.width}%` }} title={spoken(one)}>{one.member ?? "nobody"}</span>
        ))}
      </div>
      <div className={css["days"]} aria-hidden>
        {midnights(start, end).filter((_, i) => i % 2 === 0).map((ms) => <span key={ms} style={{ left: `${(100 * (ms - start)) / (end - start)}%` }}>{day.format(ms)}</span>)}
      </div>
    </>
  );
}
