/** The trend of a sensor with the limits of a rule, and the alarms it would have raised. */

import { useId, useMemo, useState, useSyncExternalStore } from "react";
import type { Condition, PastAlarm, Sensor } from "@/shared/api/types";
import { Chart } from "@/shared/chart/Chart";
import type { Line, ValueAxis } from "@/shared/chart/lines";
import { pointAt } from "@/shared/chart/reading";
import type { Sight } from "@/shared/chart/sight";
import type { SpannedAlarm } from "@/shared/chart/spans";
import { texts as chartTexts } from "@/shared/chart/texts";
import type { Track } from "@/shared/chart/track";
import { useSight } from "@/shared/chart/useSight";
import { useTracks } from "@/shared/chart/useTracks";
import { useWidth } from "@/shared/chart/useWidth";
import { digitsAt } from "@/shared/format/digits";
import { valueText } from "@/shared/format/number";
import { fullTimeText } from "@/shared/format/time";
import { unitText } from "@/shared/format/units";
import { Failure } from "@/shared/ui/Page";
import { limitsIn } from "./judged";
import css from "./Past.module.css";
import { texts } from "./texts";
import type { Stretch } from "./usePast";

interface Props {
  sensor: Sensor;
  stretch: Stretch;
  condition: Condition;
  alarms: readonly PastAlarm[];
  /** What came of it, for who does not see it. */
  told: string;
}

const spanned = ({ since, until, severity }: PastAlarm): SpannedAlarm =>
  ({ id: `${since} ${severity}`, since, active: until === null, cleared_at: until, acknowledged_at: null, severity });

export function PastChart({ sensor, stretch, condition, alarms, told }: Props) {
  const say = texts();
  const [box, width] = useWidth();
  // Looked at closer; the rule is judged on the whole stretch all the same.
  const [closer, setCloser] = useState<Stretch>();
  const view = closer ?? stretch;
  const sight = useSight(view);
  const sensors = useMemo(() => [sensor.path], [sensor.path]);
  const { tracks: [track], status, error, retry } = useTracks(sensors, view, width);
  const summary = useId();
  const limits = JSON.stringify(limitsIn(condition, sensor.limits ?? {}));
  const lines = useMemo((): Line[] => (track ? [{ key: sensor.path, track, axis: "y", dash: 0, band: true }] : []), [track, sensor.path]);
  const axes = useMemo((): ValueAxis[] => [{ key: "y", unit: unitText(sensor.unit), limits: JSON.parse(limits) as ValueAxis["limits"] ?? {} }], [sensor.unit, limits]);
  const drawn = useMemo(() => alarms.map(spanned), [alarms]);
  const name = sensor.name || sensor.key;
  return (
    <>
      {error !== null && <Failure error={error} retry={retry} />}
      <div className={css["box"]} ref={box}>
        <Chart label={say.trend(name)} describedBy={summary} lines={lines} axes={axes} view={view} sight={sight} withLimits alarms={drawn} doubts={[]}
          empty={status === "ready" ? chartTexts().noValue : ""} times wheels={false} onPick={({ from, to }) => { if (from && to) setCloser({ from, to }); }} onBack={() => setCloser(undefined)} />
      </div>
      <Pointed sensor={sensor} track={track} sight={sight} />
      <p id={summary} className="visually-hidden">{say.fromTo(fullTimeText(stretch.from), fullTimeText(stretch.to), told)}</p>
    </>
  );
}

/** The value under the crosshair; else how to look closer. */
function Pointed({ sensor, track, sight }: { sensor: Sensor; track: Track | undefined; sight: Sight }) {
  const ts = useSyncExternalStore(sight.watch, () => sight.ts);
  const point = ts === null || !track ? null : pointAt(track, ts);
  return (
    <p className={css["pointed"]}>
      {point ? <><b>{valueText(point.value, digitsAt(sensor, point.value))} {unitText(sensor.unit)}</b> {fullTimeText(point.ts)}</> : texts().drawn}
    </p>
  );
}
