/** The sensor's name, its value now (number, unit, scale, age, quality), and what can be done with its history. */

import { Waypoints } from "lucide-react";
import type { Sensor } from "@/shared/api/types";
import { unitText } from "@/shared/format/units";
import { valueText } from "@/shared/format/number";
import { lengthText } from "@/shared/format/time";
import { qualityNow } from "@/shared/live/cells";
import { useCell, useNow } from "@/shared/live/hooks";
import { AnalogBar } from "@/shared/ui/AnalogBar";
import { windowOf } from "@/shared/chart/window";
import { serverNow } from "@/shared/clock";
import { digitsAt } from "@/shared/format/digits";
import { ExportButton } from "@/shared/export/ExportButton";
import { texts as plantTexts } from "@/shared/plant/texts";
import type { View } from "@/shared/plant/view";
import { Doing, PageHead } from "@/shared/ui/Page";
import { Path } from "@/shared/ui/Path";
import { Button } from "@/shared/ui/Button";
import type { Traced } from "./trace";
import { CompareLink } from "./CompareLink";
import css from "./SensorHead.module.css";
import { texts } from "./texts";

interface Props {
  sensor: Sensor;
  machine: string;
  mark: React.ReactNode;
  /** What is on screen is what an export begins with. */
  view: View;
  onTrace: (traced: Traced) => void;
}

export function SensorHead({ sensor, machine, mark, view, onTrace }: Props) {
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
          <p className={css["value"]}>{valueText(cell?.value, typeof cell?.value === "number" ? digitsAt(sensor, cell.value) : sensor.decimals)} <small>{unitText(sensor.unit)}</small></p>
          <p className={css["age"]}>
            {cell && quality ? `${fresh ? "" : `${plantTexts().qualities[quality]}, `}${texts().old(lengthText(now - cell.ts))}` : texts().noneYet}
          </p>
        </div>
      </div>
      <Doing>
        {cell && (
          <Button look="quiet" onClick={() => onTrace({ ts: cell.ts, width: 0 })} title={texts().traceHint}>
            <Waypoints size={16} aria-hidden /> {texts().trace}
          </Button>
        )}
        {sensor.datatype === "float" && <CompareLink sensor={sensor.path} view={view} />}
        <ExportButton what={{ sensor: sensor.path }} numbers={sensor.datatype === "float"} stretch={() => windowOf(view, serverNow())} />
      </Doing>
    </PageHead>
  );
}

function Hint({ sensor, machine }: { sensor: Sensor; machine: string }) {
  return (
    <>
      {machine} · <Path text={sensor.path} />
      {sensor.expression && <> · {texts().calculated}: <code>{sensor.expression}</code></>}
    </>
  );
}
