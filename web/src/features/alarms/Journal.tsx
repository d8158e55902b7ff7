/** All an alarm went through, each line with its value and severity then. */

import { eventText, stateName } from "@/shared/alarms/words";
import type { AlarmWithJournal, Sensor, Transition } from "@/shared/api/types";
import { valueText } from "@/shared/format/number";
import { fullTimeText } from "@/shared/format/time";
import { unitText } from "@/shared/format/units";
import { usePlant } from "@/shared/plant/queries";
import { findSensor } from "@/shared/plant/tree";
import { levelText, Mark } from "@/shared/ui/Mark";
import css from "./AlarmDialog.module.css";
import { texts } from "./texts";

export function Journal({ alarm }: { alarm: AlarmWithJournal }) {
  const sensor = findSensor(usePlant().data, alarm.sensor);
  const { journal } = texts();
  return (
    <>
      <h3 className={css["head"]}>{journal}</h3>
      <ol className={css["journal"]} aria-label={journal}>
        {alarm.transitions.map((step) => <li key={step.number}><Step step={step} sensor={sensor} unit={alarm.unit} /></li>)}
      </ol>
    </>
  );
}

/** These say something of the cause, so that its value then is worth telling. */
const OF_THE_CAUSE: readonly Transition["event"][] = ["raised", "escalated", "eased", "cleared", "current", "realarmed"];

function Step({ step, sensor, unit }: { step: Transition; sensor: Sensor | undefined; unit: string }) {
  const say = texts();
  const isOfCause = OF_THE_CAUSE.includes(step.event);
  return (
    <>
      <div className={css["step"]}>
        <span><b>{eventText(step)}</b>{step.by && say.by(step.by)}{step.late && say.late}</span>
        {isOfCause && (
          <span className={css["then"]}>
            {step.value !== null && sensor?.datatype === "float" && <span>{valueText(step.value, sensor.decimals)} {unitText(unit)}</span>}
            <Mark level={step.severity} size={16} label={levelText(step.severity)} />
          </span>
        )}
      </div>
      {step.comment && <q>{step.event === "assigned" ? step.comment : say.quote(step.comment)}</q>}
      <small>{fullTimeText(Date.parse(step.at))}{step.from !== step.to && ` · ${stateName(step.to)}`}</small>
    </>
  );
}
