/** Shifts of the next two weeks as a strip; the list is read out. */

import type { Shift } from "@/shared/api/types";
import { fullTimeText } from "@/shared/format/time";
import { locale, perPreferences, timeZone } from "@/shared/preferences/preferences";
import css from "./OnCallPage.module.css";
import { midnights, placesOf } from "./plans";
import { texts } from "./texts";

const day = perPreferences(() => new Intl.DateTimeFormat(locale(), { weekday: "short", day: "2-digit", month: "2-digit", timeZone: timeZone() }));
const spoken = ({ member, from, to }: { member: string | null; from: number; to: number }): string =>
  texts().schedules.spell(member ?? texts().schedules.nobody, fullTimeText(from), fullTimeText(to));

export function ShiftStrip({ shifts, start, end }: { shifts: readonly Shift[]; start: number; end: number }) {
  const places = placesOf(shifts, start, end);
  return (
    <>
      <div className={css["strip"]} role="img" aria-label={places.map(spoken).join("; ")}>
        {places.map((one) => (
          <span key={one.from} className={one.member === null ? css["nobody"] : ""} style={{ left: `${one.left}%`, width: `${one.width}%` }} title={spoken(one)}>{one.member ?? texts().schedules.nobody}</span>
        ))}
      </div>
      <div className={css["days"]} aria-hidden>
        {midnights(start, end).filter((_, i) => i % 2 === 0).map((ms) => <span key={ms} style={{ left: `${(100 * (ms - start)) / (end - start)}%` }}>{day().format(ms)}</span>)}
      </div>
    </>
  );
}
