/** The trend of a number, with its controls and the value under the crosshair. */

import { useId, useMemo, useRef, useState } from "react";
import type { Alarm, Sensor } from "@/shared/api/types";
import { Chart } from "@/shared/chart/Chart";
import type { Line, ValueAxis } from "@/shared/chart/lines";
import { RangeBar } from "@/shared/chart/RangeBar";
import { texts as chartTexts } from "@/shared/chart/texts";
import { useSight } from "@/shared/chart/useSight";
import { useTracks } from "@/shared/chart/useTracks";
import { useWidth } from "@/shared/chart/useWidth";
import { unitText } from "@/shared/format/units";
import type { View } from "@/shared/plant/view";
import { Button } from "@/shared/ui/Button";
import { Failure, Panel } from "@/shared/ui/Page";
import { AsTable } from "./AsTable";
import { InFigures } from "./InFigures";
import css from "./NumberTrend.module.css";
import { Readout } from "./Readout";
import { texts } from "./texts";
import type { Traced } from "./trace";
import { useDoubts } from "./useDoubts";

interface Props {
  sensor: Sensor;
  view: View;
  onView: (view: View) => void;
  alarms: readonly Alarm[];
  onTrace: (traced: Traced) => void;
}

export function NumberTrend({ sensor, view, onView, alarms, onTrace }: Props) {
  const [box, width] = useWidth();
  const sight = useSight(view);
  const sensors = useMemo(() => [sensor.path], [sensor.path]);
  const { tracks: [track], status, error, retry } = useTracks(sensors, view, width);
  const doubts = useDoubts(sensor.path, view);
  const [withLimits, setWithLimits] = useState(true);
  const summary = useId();
  // Where zooming began: double-click and "Back to live" lead there.
  const range = useRef(view.range);
  if (view.from === undefined) range.current = view.range;
  const back = (): void => onView(range.current ? { range: range.current } : {});
  const lines = useMemo((): Line[] => (track ? [{ key: sensor.path, track, axis: "y", dash: 0, band: true }] : []), [track, sensor.path]);
  const axes = useMemo((): ValueAxis[] => [{ key: "y", unit: unitText(sensor.unit), limits: sensor.limits ?? {} }], [sensor]);
  if (!track) return null;
  const trace = (ts: number): void => onTrace({ ts, width: track.width });
  const hasLimits = Object.values(sensor.limits ?? {}).some((v) => typeof v === "number");
  const about = { sensor, track, sight, view, alarms, doubts };
  return (
    <Panel fill>
      <RangeBar view={view} onView={onView} onBack={back}>
        {hasLimits && <Button aria-pressed={withLimits} onClick={() => setWithLimits(!withLimits)} title={texts().keepLimits}>{texts().limits}</Button>}
      </RangeBar>
      <Readout {...about} status={status} onTrace={trace} />
      {error !== null && <Failure error={error} retry={retry} />}
      <div className={css["box"]} ref={box}>
        <Chart label={texts().trendOf(sensor.name || sensor.key)} describedBy={summary} lines={lines} axes={axes} view={view} sight={sight} withLimits={withLimits}
          alarms={alarms} doubts={doubts} empty={status === "ready" ? chartTexts().noValue : ""} times wheels onPick={onView} onBack={back} onTrace={trace} />
      </div>
      <InFigures {...about} id={summary} />
      <AsTable {...about} />
    </Panel>
  );
}
