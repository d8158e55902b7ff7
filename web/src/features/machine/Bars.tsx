/** Every value in a row: on its scale between the limits, as a number, with its last minutes and its age. */

import type { Alarm, Sensor } from "@/shared/api/types";
import css from "./Bars.module.css";
import { SensorRow } from "./SensorRow";
import { texts } from "./texts";

export function Bars({ sensors, alarms }: { sensors: readonly Sensor[]; alarms: readonly Alarm[] }) {
  const { sensor: name, bar, now, spark, age } = texts().head;
  return (
    <>
      <div className={css["head"]} aria-hidden="true"><span>{name}</span><span>{bar}</span><span>{now}</span><span>{spark}</span><span>{age}</span></div>
      <ul>
        {sensors.map((sensor) => (
          <li key={sensor.key}><SensorRow sensor={sensor} alarm={alarms.find((a) => a.sensor === sensor.path)} /></li>
        ))}
      </ul>
    </>
  );
}
