/** The trend of some of a machine's numbers: a chart each, one below the other, one crosshair through all of them. */

import { useMemo, useState, useSyncExternalStore } from "react";
import type { Alarm, Sensor } from "@/shared/api/types";
import { Chart } from "@/shared/chart/Chart";
import type { Line, Shown, ValueAxis } from "@/shared/chart/lines";
import { pointAt } from "@/shared/chart/reading";
import type { Sight } from "@/shared/chart/sight";
import { texts as chartTexts } from "@/shared/chart/texts";
import type { Track } from "@/shared/chart/track";
import { useSight } from "@/shared/chart/useSight";
import { useTracks } from "@/shared/chart/useTracks";
import { useWidth } from "@/shared/chart/useWidth";
import { valueText } from "@/shared/format/number";
import { timeText } from "@/shared/format/time";
import { unitText } from "@/shared/format/units";
import { useCell } from "@/shared/live/hooks";
import type { View } from "@/shared/plant/view";
import { Failure } from "@/shared/ui/Page";
import { PlantLink } from "@/shared/ui/PlantLink";
import { texts } from "./texts";
import css from "./Trends.module.css";

const USUAL: View = { range: "1h" };

export default function Trends({ sensors, alarms }: { sensors: readonly Sensor[]; alarms: readonly Alarm[] }) {
  const [view, setView] = useState(USUAL);
  const sight = useSight(view);
  const [box, width] = useWidth();
  const paths = useMemo(() => sensors.map((s) => s.path), [sensors]);
  const { tracks, status, error, retry } = useTracks(paths, view, width);
  return (
    <div ref={box}>
      {error !== null && <Failure error={error} retry={retry} />}
      {sensors.map((sensor, i) => {
        const track = tracks[i];
        return track && <Trend key={sensor.path} {...{ sensor, track, view, sight, alarms }} isReady={status === "ready"} isLast={i === sensors.length - 1} onView={setView} />;
      })}
    </div>
  );
}

interface TrendProps {
  sensor: Sensor;
  track: Track;
  view: View;
  sight: Sight;
  alarms: readonly Alarm[];
  isReady: boolean;
  /** The lowest one names the times for all. */
  isLast: boolean;
  onView: (view: View) => void;
}

const NO_DOUBTS: Shown["doubts"] = [];

function Trend({ sensor, track, view, sight, alarms, isReady, isLast, onView }: TrendProps) {
  const lines = useMemo((): Line[] => [{ key: sensor.path, track, axis: "y", dash: 0, band: true }], [track, sensor.path]);
  const axes = useMemo((): ValueAxis[] => [{ key: "y", unit: unitText(sensor.unit), limits: sensor.limits }], [sensor]);
  const own = useMemo(() => alarms.filter((a) => a.sensor === sensor.path), [alarms, sensor.path]);
  const name = sensor.name || sensor.key;
  return (
    <>
      <p className={css["head"]}><PlantLink path={sensor.path} className={css["name"]}>{name}</PlantLink><Reading sensor={sensor} track={track} sight={sight} /></p>
      <div className={css["chart"]} data-last={isLast}>
        <Chart label={texts().trendOf(name)} lines={lines} axes={axes} view={view} sight={sight} withLimits={false} alarms={own} doubts={NO_DOUBTS}
          empty={isReady ? chartTexts().noValue : ""} times={isLast} wheels={false} onPick={onView} onBack={() => onView(USUAL)} />
      </div>
    </>
  );
}

/** The value under the crosshair; where nobody points, the newest. */
function Reading({ sensor, track, sight }: Pick<TrendProps, "sensor" | "track" | "sight">) {
  const cell = useCell(sensor.path);
  const ts = useSyncExternalStore(sight.watch, () => sight.ts);
  const point = ts === null ? null : pointAt(track, ts);
  return (
    <span className={css["reading"]}>
      {point && <time>{timeText(point.ts)}</time>} <b>{valueText(point ? point.value : cell?.value, sensor.decimals)}</b> {unitText(sensor.unit)}
    </span>
  );
}
