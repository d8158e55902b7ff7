/** What is under the crosshair: the value, its extent, the time, the alarms of that time; and how the trend is drawn. */

import { useSyncExternalStore } from "react";
import { serverNow } from "@/shared/clock";
import { alarmText, stateText } from "@/shared/alarms/words";
import { extentOf, pointAt } from "@/shared/chart/reading";
import { alarmsAt } from "@/shared/chart/spans";
import { fullTimeText, timeZone, widthText } from "@/shared/format/time";
import { Button } from "@/shared/ui/Button";
import { Mark } from "@/shared/ui/Mark";
import { writer, type About } from "./about";
import css from "./Readout.module.css";
import { texts } from "./texts";

const MOST_ALARMS = 3;

interface Props extends About {
  status: string;
  onTrace: (ts: number) => void;
}

export function Readout({ sensor, track, sight, view, alarms, doubts, status, onTrace }: Props) {
  const ts = useSyncExternalStore(sight.watch, () => sight.ts);
  const point = ts === null ? null : pointAt(track, ts);
  const { from, to } = sight.window(view, serverNow());
  const [low, high] = extentOf(track, from, to) ?? [0, 0];
  const show = writer(sensor, low, high);
  const there = point ? alarmsAt(alarms, point.ts, serverNow()).slice(0, MOST_ALARMS) : [];
  const doubtful = point && doubts.some(([a, b]) => a <= point.ts + track.width && point.ts <= b);
  return (
    <div className={css["readout"]}>
      {point ? (
        <div className={css["point"]} aria-live="polite">
          <b>{show(point.value)}</b>
          {point.low !== point.high && <span>{texts().to(show(point.low), show(point.high))}</span>}
          {doubtful && <strong>{texts().notGoodHere}</strong>}
          <time>{fullTimeText(point.ts)}</time>
          {there.map((alarm) => <span key={alarm.id} className={css["alarm"]}><Mark level={alarm.severity} size={16} /> {alarmText(alarm)} · {stateText(alarm)}</span>)}
          <Button look="quiet" className={css["trace"] ?? ""} onClick={() => onTrace(point.ts)}>{texts().traceThis}</Button>
        </div>
      ) : <span className={css["how"]}>{texts().how}</span>}
      <small>{status === "loading" ? `${texts().loading} · ` : ""}{track.width ? texts().means(widthText(track.width)) : texts().everyValue} · {timeZone()}</small>
    </div>
  );
}
