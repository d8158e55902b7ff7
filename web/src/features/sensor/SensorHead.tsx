/** The sensor's name and its value now: number, unit, scale, age, quality. */

import type { Sensor } from "@/shared/api/types";
import { unitText } from "@/shared/format/units";
import { valueText } from "@/shared/format/number";
import { lengthText } from "@/shared/format/time";
import { qualityNow } from "@/shared/live/cells";
import { useCell, useNow } from "@/shared/live/hooks";
import { AnalogBar } from "@/shared/ui/AnalogBar";
import { PageHead } from "@/shared/ui/Page";
import css from "./SensorHead.module.css";

export function SensorHead({ sensor, machine, mark }: { sensor: Sensor; machine: string; mark: React.ReactNode }) {
  const cell = useCell(sensor.path);
  const now = useNow(1000);
  const quality = cell ? qualityNow(cell, now) : undefined;
  const fresh = quality === "good";
  return (
    <PageHead title={sensor.name || sensor.key} hint={`${machine} · ${sensor.path}`} mark={mark}>
      <div className={`${css["now"]} current`} data-fresh={fresh}>
        {typeof cell?.value === "number" && (
          <div className={css["bar"]}><AnalogBar value={cell.value} limits={sensor.limits ?? {}} faded={!fresh} /></div>
        )}
        <div>
          <p className={css["value"]}>{valueText(cell?.value, sensor.decimals)} <small>{unitText(sensor.unit)}</small></p>
          <p className={css["age"]}>
            {cell && quality ? `${fresh ? "" : `${quality}, `}${lengthText(now - cell.ts)} old` : "no value yet"}
          </p>
        </div>
      </div>
    </PageHead>
  );
}
