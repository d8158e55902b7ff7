/** One sensor in one line; a click opens its trend. */

import type { Alarm, Sensor } from "@/shared/api/types";
import { stateName } from "@/shared/alarms/words";
import { unitText } from "@/shared/format/units";
import { valueText } from "@/shared/format/number";
import { lengthText } from "@/shared/format/time";
import { qualityNow } from "@/shared/live/cells";
import { useCell, useNow } from "@/shared/live/hooks";
import { asksForAck } from "@/shared/plant/condition";
import { LiveSpark } from "@/shared/plant/LiveSpark";
import { texts as plantTexts } from "@/shared/plant/texts";
import { AnalogBar } from "@/shared/ui/AnalogBar";
import { levelText, Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import css from "./Bars.module.css";
import { texts } from "./texts";

interface Props {
  sensor: Sensor;
  alarm: Alarm | undefined;
}

export function SensorRow({ sensor, alarm }: Props) {
  const cell = useCell(sensor.path);
  const now = useNow(1000);
  const quality = cell ? qualityNow(cell, now) : undefined;
  const isNumber = sensor.datatype === "float";
  const { never, alarmInState } = texts();
  const doubt = quality && quality !== "good" ? `${plantTexts().qualities[quality]} ` : "";
  return (
    <PlantLink path={sensor.path} className={css["row"]} data-quality={quality ?? "none"}>
      <span className={css["name"]}>
        {alarm && <Mark level={alarm.severity} calling={asksForAck(alarm)} size={20} label={alarmInState(levelText(alarm.severity), stateName(alarm.state))} />}
        {sensor.name || sensor.key}
      </span>
      <span className="current">
        {isNumber && <AnalogBar value={typeof cell?.value === "number" ? cell.value : Number.NaN} limits={sensor.limits ?? {}} faded={quality !== "good"} />}
      </span>
      <span className={`${css["value"]} current`}>{valueText(cell?.value, sensor.decimals)}<small>{unitText(sensor.unit)}</small></span>
      <span>{isNumber && <LiveSpark sensor={sensor.path} />}</span>
      <span className={css["age"]}>{cell ? `${doubt}${lengthText(now - cell.ts)}` : never}</span>
    </PlantLink>
  );
}
