/** The past of one sensor: its trend with the rule's limits and alarms, counts by the day, and advice. */

import { useState } from "react";
import type { Condition, Sensor, SensorBacktest } from "@/shared/api/types";
import { fullTimeText } from "@/shared/format/time";
import { Button } from "@/shared/ui/Button";
import type { Fields } from "../fields";
import { AdviceList } from "./AdviceList";
import { AlarmList } from "./AlarmList";
import { isOwn } from "./judged";
import css from "./Past.module.css";
import { outcomeText, stretchesOf } from "./past";
import { PastChart } from "./PastChart";
import { PerDay } from "./PerDay";
import { texts } from "./texts";
import type { Stretch } from "./usePast";

interface Props {
  sensor: Sensor;
  stretch: Stretch;
  /** What came of the rule as it is written; undefined while that is not known. */
  found: SensorBacktest | undefined;
  /** And as it is in force. */
  was: SensorBacktest | undefined;
  /** Whether both say the same. */
  isSame: boolean;
  written: Condition | undefined;
  inForce: Condition | undefined;
  onAdvice: (more: Partial<Fields>) => void;
}

export function Outcome({ sensor, stretch, found, was, isSame, written, inForce, onAdvice }: Props) {
  const say = texts();
  const [old, setOld] = useState(false);
  const compares = was !== undefined && !isSame;
  const drawsOld = old && compares;
  const shown = drawsOld ? was : found;
  const condition = (drawsOld ? inForce : written) ?? {};
  return (
    <>
      {found && (
        <p className={css["outcome"]} role="status">
          <b>{found.count === 0 ? say.none.replace(/\.$/, "") : say.outcome(say.alarms(found.count))}</b>{compares ? say.against(say.alarms(was.count)) : isSame ? say.same : ""}, {say.samples(found.samples)}.
        </p>
      )}
      {compares && (
        <div className={css["ranges"]} role="group" aria-label={say.which}>
          <Button look="quiet" aria-pressed={!drawsOld} onClick={() => setOld(false)}>{say.asWritten}</Button>
          <Button look="quiet" aria-pressed={drawsOld} onClick={() => setOld(true)}>{say.inForce}</Button>
        </div>
      )}
      {sensor.datatype === "string" || sensor.datatype === "bool"
        ? <Strip stretch={stretch} found={shown} />
        : <PastChart sensor={sensor} stretch={stretch} condition={condition} alarms={shown?.alarms ?? []} told={shown ? outcomeText(shown) : ""} />}
      {!isOwn(condition) && <p className={css["soft"]}>{say.elsewhere}</p>}
      {found && <PerDay stretch={stretch} found={found} was={compares ? was : undefined} />}
      {shown && shown.count > 0 && <p className={css["soft"]}>{outcomeText(shown)}</p>}
      {found && <AdviceList advice={found.advice} onAdvice={onAdvice} />}
      {shown && shown.alarms.length > 0 && <AlarmList sensor={shown} />}
    </>
  );
}

function Strip({ stretch: { from, to }, found }: { stretch: Stretch; found: SensorBacktest | undefined }) {
  const say = texts();
  return (
    <>
      <p className={css["soft"]}>{say.noChart}</p>
      <div className={css["strip"]} role="img" aria-label={say.fromTo(fullTimeText(from), fullTimeText(to), found ? outcomeText(found) : "")}>
        {stretchesOf(found?.alarms ?? [], from, to).map((one) => <i key={one.left} className={css[one.severity]} style={{ left: `${one.left}%`, width: `${one.width}%` }} />)}
      </div>
      <div className={css["ends"]} aria-hidden><span>{fullTimeText(from)}</span><span>{fullTimeText(to)}</span></div>
    </>
  );
}
