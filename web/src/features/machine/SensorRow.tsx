/** One sensor in one line; a click opens its trend. */

import type { Alarm, Sensor } from "@/shared/api/types";
import { unitText } from "@/shared/format/units";
import { valueText } from "@/shared/format/number";
import { lengthText } from "@/shared/format/time";
import { qualityNow } from "@/shared/live/cells";
import { useCell, useNow } from "@/shared/live/hooks";
import { asksForAck } from "@/shared/plant/condition";
import { AnalogBar } from "@/shared/ui/AnalogBar";
import { Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import type { Spark } from "@/shared/ui/Sparkline";
import css from "./MachinePage.module.css";
import { LiveSpark } from "./LiveSpark";

interface Props {
  sensor: Sensor;
  history: Spark | undefined;
  alarm: Alarm | undefined;
}

export function SensorRow({ sensor, history, alarm }: Props) {
  const cell = useCell(sensor.path);
  const now = useNow(1000);
  const quality = cell ? qualityNow(cell, now) : "none";
  const isNumber = sensor.datatype === "float";
  return (
    <PlantLink path={sensor.path} className={css["row"]} data-quality={quality}>
      <span className={css["name"]}>
        {alarm && <Mark level={alarm.severity} calling={asksForAck(alarm)} size={20} label={`${alarm.severity} alarm, ${alarm.state}`} />}
        {sensor.name || sensor.key}
      </span>
      <span className="current">
        {isNumber && <AnalogBar value={typeof cell?.value === "number" ? cell.value : Number.NaN} limits={sensor.limits ?? {}} faded={quality !== "good"} />}
      </span>
      <span className={`${css["value"]} current`}>{valueText(cell?.value, sensor.decimals)}<small>{unitText(sensor.unit)}</small></span>
      <span>{isNumber && <LiveSpark sensor={sensor.path} history={history} />}</span>
      <span className={css["age"]}>
        {quality === "none" ? "no value in 30 days" : `${quality === "good" ? "" : `${quality} `}${lengthText(now - (cell?.ts ?? now))}`}
      </span>
    </PlantLink>
  );
}
