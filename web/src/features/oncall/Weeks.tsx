/** Turns of two weeks, a strip each; where nobody is on call it is hatched. The list below says the same in words. */

import { timeZone } from "@/shared/format/time";
import { instantOf, wallOf } from "@/shared/format/zone";
import { dayText, planText } from "./clock";
import { endOf, type Turn } from "./duty";
import css from "./Duty.module.css";
import { dutyTexts } from "./dutyTexts";
import { today } from "./shifts";
import { texts } from "./texts";
import { markOf, placesOf } from "./weeks";

interface Props {
  turns: readonly Turn[];
  /** Those of whoever looks. */
  own: readonly string[];
  now: number;
}

const DAY = 86_400_000;
const SHADES = 3;

export function Weeks(props: Props) {
  const { turns, now } = props;
  const t = dutyTexts();
  // One look for one person, in the order in which they come.
  const members = [...new Set(turns.map((turn) => turn.member))].filter((member) => member !== null);
  return (
    <>
      <div className={css["weeks"]} role="img" aria-label={t.weeks}>
        {[0, 1].map((week) => <Week key={week} {...props} members={members} week={week} />)}
      </div>
      <details className={css["list"]}>
        <summary>{t.list}</summary>
        <ol>{turns.filter(({ to }) => to > now).map((turn) => <li key={turn.from}><b>{turn.member ?? texts().schedules.nobody}</b><span>{turnText(turns, turn)}</span></li>)}</ol>
      </details>
    </>
  );
}

export function turnText(turns: readonly Turn[], turn: Turn): string {
  const end = endOf(turns, turn);
  return end === undefined ? dutyTexts().turnOpen(planText(turn.from)) : dutyTexts().turn(planText(turn.from), planText(end, turn.from));
}

function Week({ turns, own, now, members, week }: Props & { members: readonly string[]; week: number }) {
  const zone = timeZone();
  const midnight = today(now);
  const mark = markOf(now, midnight, week, zone);
  const days = Array.from({ length: 7 }, (_, i) => instantOf(wallOf(midnight, zone) + (week * 7 + i) * DAY, zone));
  return (
    <div className={css["week"]}>
      {mark !== undefined && <i style={{ left: `${mark}%` }} />}
      <div className={css["strip"]}>
        {placesOf(turns, midnight, week, zone).map((place) => (
          <span key={place.from} className={place.member === null ? css["nobody"] : undefined} data-own={(place.member !== null && own.includes(place.member)) || undefined}
            data-shade={place.member === null ? undefined : members.indexOf(place.member) % SHADES} style={{ left: `${place.left}%`, width: `${place.width}%` }}
            title={`${place.member ?? texts().schedules.nobody}: ${turnText(turns, place)}`}>{place.member}</span>
        ))}
      </div>
      <div className={css["days"]}>{days.map((ms) => <span key={ms}>{dayText(ms)}</span>)}</div>
    </div>
  );
}
