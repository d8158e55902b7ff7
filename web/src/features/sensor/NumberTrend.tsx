/** The trend of a number, with its controls and the value under the cursor. */

import { useEffect, useRef, useState } from "react";
import type { Alarm, Sensor } from "@/shared/api/types";
import { unitText } from "@/shared/format/units";
import { valueText } from "@/shared/format/number";
import { fullTimeText, timeZone, widthText } from "@/shared/format/time";
import type { View } from "@/shared/plant/view";
import { Button } from "@/shared/ui/Button";
import { Failure, Panel } from "@/shared/ui/Page";
import css from "./NumberTrend.module.css";
import { RangeBar } from "./RangeBar";
import { TrendChart, type Pointed } from "./TrendChart";
import type { Traced } from "./trace";
import { useTrend } from "./useTrend";

/** Width of an element in steps of 200 px, so that dragging the window's edge does not ask for history all the time. */
function useWidth(): [React.RefObject<HTMLDivElement | null>, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(1000);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const watch = new ResizeObserver(() => setWidth(Math.min(3000, Math.max(400, Math.ceil(box.clientWidth / 200) * 200))));
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  return [ref, width];
}

interface Props {
  sensor: Sensor;
  view: View;
  onView: (view: View) => void;
  alarms: readonly Alarm[];
  onTrace: (traced: Traced) => void;
}

export function NumberTrend({ sensor, view, onView, alarms, onTrace }: Props) {
  const [box, width] = useWidth();
  const { trend, status, error, changes, retry } = useTrend(sensor.path, view, width);
  const [point, setPoint] = useState<Pointed | null>(null);
  const [withLimits, setWithLimits] = useState(true);
  // Where zooming began: double-click and "Back to live" lead there.
  const range = useRef(view.range);
  if (view.from === undefined) range.current = view.range;
  const back = (): void => onView(range.current ? { range: range.current } : {});
  const hasLimits = Object.values(sensor.limits ?? {}).some((v) => typeof v === "number");
  return (
    <Panel fill>
      <RangeBar view={view} onView={onView} onBack={back}>
        {hasLimits && <Button aria-pressed={withLimits} onClick={() => setWithLimits(!withLimits)} title="Keep the limits in view">Limits</Button>}
      </RangeBar>
      <Readout point={point} sensor={sensor} resolution={trend.width} status={status} />
      {error !== null && <Failure error={error} retry={retry} />}
      <div className={css["box"]} ref={box}>
        <TrendChart sensor={sensor} view={view} trend={trend} changes={changes} alarms={alarms}
          withLimits={withLimits} isLoaded={status === "ready"} onPick={onView} onBack={back} onPoint={setPoint} onTrace={(ts) => onTrace({ ts, width: trend.width })} />
      </div>
    </Panel>
  );
}

interface ReadoutProps {
  point: Pointed | null;
  sensor: Sensor;
  resolution: number;
  status: string;
}

function Readout({ point, sensor, resolution, status }: ReadoutProps) {
  const unit = unitText(sensor.unit);
  const show = (v: number): string => `${valueText(v, sensor.decimals)} ${unit}`;
  const detail = resolution ? `means over ${widthText(resolution)}, shaded: least to greatest` : "every value";
  return (
    <p className={css["readout"]}>
      {point ? (
        <>
          <b>{show(point.value)}</b>
          {point.low !== point.high && <span>{show(point.low)} to {show(point.high)}</span>}
          <time>{fullTimeText(point.ts)}</time>
        </>
      ) : (
        <span className={css["how"]}>Drag to look closer, double-click to go back, click a point to see where it came from.</span>
      )}
      <small>{status === "loading" ? "loading… · " : ""}{detail} · {timeZone()}</small>
    </p>
  );
}
