/** A few values, large: for who stands before the machine. */

import type { Alarm, Sensor } from "@/shared/api/types";
import { valueText } from "@/shared/format/number";
import { unitText } from "@/shared/format/units";
import { qualityNow } from "@/shared/live/cells";
import { useCell, useNow } from "@/shared/live/hooks";
import { asksForAck } from "@/shared/plant/condition";
import { LiveSpark } from "@/shared/plant/LiveSpark";
import { levelText, Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import css from "./Tiles.module.css";

export const Tiles = ({ sensors, alarms }: { sensors: readonly Sensor[]; alarms: readonly Alarm[] }) => (
  <ul className={css["tiles"]}>
    {sensors.map((sensor) => <li key={sensor.key}><Tile sensor={sensor} alarm={alarms.find((a) => a.sensor === sensor.path)} /></li>)}
  </ul>
);

function Tile({ sensor, alarm }: { sensor: Sensor; alarm: Alarm | undefined }) {
  const cell = useCell(sensor.path);
  const now = useNow(1000);
  const quality = cell ? qualityNow(cell, now) : "none";
  return (
    <PlantLink path={sensor.path} className={css["tile"]} data-quality={quality}>
      <span className={css["name"]}>{alarm && <Mark level={alarm.severity} calling={asksForAck(alarm)} size={18} label={levelText(alarm.severity)} />}{sensor.name || sensor.key}</span>
      <span className={`${css["value"]} current`}><b>{valueText(cell?.value, sensor.decimals)}</b> {unitText(sensor.unit)}</span>
      {quality !== "good" && <small>{levelText("stale")}</small>}
      {sensor.datatype === "float" && <LiveSpark sensor={sensor.path} />}
    </PlantLink>
  );
}
