/** The sensor's trend around an alarm, with limits and the alarm's own stretch; live while the alarm is there. */

import { useMemo, useState } from "react";
import type { Alarm, Sensor } from "@/shared/api/types";
import { Chart } from "@/shared/chart/Chart";
import type { Line, ValueAxis } from "@/shared/chart/lines";
import { texts as chartTexts } from "@/shared/chart/texts";
import { useSight } from "@/shared/chart/useSight";
import { useTracks } from "@/shared/chart/useTracks";
import { useWidth } from "@/shared/chart/useWidth";
import { serverNow } from "@/shared/clock";
import { unitText } from "@/shared/format/units";
import { alarmText } from "@/shared/alarms/words";
import type { View } from "@/shared/plant/view";
import { Failure } from "@/shared/ui/Page";
import css from "./AlarmDialog.module.css";
import { around, limitsOf } from "./around";
import { texts } from "./texts";

export default function AlarmTrend({ alarm, sensor }: { alarm: Alarm; sensor: Sensor }) {
  const [box, width] = useWidth();
  const [usual] = useState(() => around(alarm, serverNow()).view);
  const [view, setView] = useState<View>(usual);
  const sight = useSight(view);
  const { tracks: [track], status, error, retry } = useTracks(useMemo(() => [sensor.path], [sensor.path]), view, width);
  const lines = useMemo((): Line[] => (track ? [{ key: sensor.path, track, axis: "y", dash: 0, band: true }] : []), [track, sensor.path]);
  const { limit, value, message } = alarm;
  const axes = useMemo((): ValueAxis[] => [{ key: "y", unit: unitText(sensor.unit), limits: limitsOf({ limit, value, message }, sensor.limits ?? {}) }], [sensor, limit, value, message]);
  const alarms = useMemo(() => [alarm], [alarm]);
  return (
    <section aria-label={texts().trend}>
      <h3 className={css["head"]}>{texts().trend}</h3>
      {error !== null && <Failure error={error} retry={retry} />}
      <div className={css["chart"]} ref={box}>
        <Chart label={`${texts().trend}: ${alarmText(alarm)}`} lines={lines} axes={axes} view={view} sight={sight} withLimits alarms={alarms} doubts={[]}
          empty={status === "ready" ? chartTexts().noValue : ""} times wheels={false} onPick={setView} onBack={() => setView(usual)} />
      </div>
    </section>
  );
}
