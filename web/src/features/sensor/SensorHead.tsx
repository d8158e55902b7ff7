/** The sensor's name and its value now: number, unit, scale, age, quality. */

import { Waypoints } from "lucide-react";
import type { Sensor } from "@/shared/api/types";
import { unitText } from "@/shared/format/units";
import { valueText } from "@/shared/format/number";
import { lengthText } from "@/shared/format/time";
import { qualityNow } from "@/shared/live/cells";
import { useCell, useNow } from "@/shared/live/hooks";
import { AnalogBar } from "@/shared/ui/AnalogBar";
import { PageHead } from "@/shared/ui/Page";
import { Button } from "@/shared/ui/Button";
import type { Traced } from "./trace";
import css from "./SensorHead.module.css";

interface Props {
  sensor: Sensor;
  machine: string;
  mark: React.ReactNode;
  onTrace: (traced: Traced) => void;
}

export function SensorHead({ sensor, machine, mark, onTrace }: Props) {
  const cell = useCell(sensor.path);
  const now = useNow(1000);
  const quality = cell ? qualityNow(cell, now) : undefined;
  const fresh = quality === "good";
  return (
    <PageHead title={sensor.name || sensor.key} hint={<Hint sensor={sensor} machine={machine} />} mark={mark}>
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
        {cell && (
          <Button look="quiet" onClick={() => onTrace({ ts: cell.ts, width: 0 })} aria-label="Trace this value" title="Where this value came from">
            <Waypoints size={20} aria-hidden />
          </Button>
        )}
      </div>
    </PageHead>
  );
}

function Hint({ sensor, machine }: { sensor: Sensor; machine: string }) {
  return (
    <>
      {machine} · {sensor.path}
      {sensor.expression && <> = <code>{sensor.expression}</code></>}
    </>
  );
}
