/** A value in one row: whose it is, its last minutes, and where it stands now. Leads to the sensor. */

import type { Sensor } from "@/shared/api/types";
import { valueText } from "@/shared/format/number";
import { unitText } from "@/shared/format/units";
import { qualityNow } from "@/shared/live/cells";
import { useCell, useNow } from "@/shared/live/hooks";
import { PlantLink } from "@/shared/ui/PlantLink";
import css from "./FigureRow.module.css";
import { LiveSpark } from "./LiveSpark";

interface Props {
  sensor: Sensor;
  /** Name of the machine, where the place does not say it. */
  of?: string;
}

export function FigureRow({ sensor, of = "" }: Props) {
  const cell = useCell(sensor.path);
  const now = useNow(1000);
  const isFresh = cell !== undefined && qualityNow(cell, now) === "good";
  const name = sensor.name || sensor.key;
  return (
    <PlantLink path={sensor.path} className={css["row"]} title={of ? `${of} · ${name}` : name} data-quality={isFresh ? "good" : "stale"}>
      <span className={css["name"]}>{of && <small>{of}</small>}{name}</span>
      <span className={css["spark"]}>{sensor.datatype === "float" && <LiveSpark sensor={sensor.path} />}</span>
      <span className={`${css["value"]} current`}><b>{valueText(cell?.value, sensor.decimals)}</b> <small>{unitText(sensor.unit)}</small></span>
    </PlantLink>
  );
}
