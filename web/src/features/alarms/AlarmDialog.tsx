/** One alarm: what it means, what can be done about it, and all it went through. */

import { useQuery } from "@tanstack/react-query";
import { get } from "@/shared/api/http";
import { ALARMS } from "@/shared/alarms/feed";
import type { Alarm, Transition } from "@/shared/api/types";
import { fullTimeText } from "@/shared/format/time";
import { useNow } from "@/shared/live/hooks";
import { alarmText, eventText, groupText, lastsText, STATE_TEXT, stateText } from "@/shared/alarms/words";
import { asksForAck } from "@/shared/plant/condition";
import { Dialog } from "@/shared/ui/Dialog";
import { levelText, Mark } from "@/shared/ui/Mark";
import { Loaded } from "@/shared/ui/Page";
import { PlantLink } from "@/shared/ui/PlantLink";
import { AlarmActions } from "./AlarmActions";
import css from "./AlarmDialog.module.css";
import { Marks } from "./Marks";
import { Told } from "./Told";

export function AlarmDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const alarm = useQuery({
    queryKey: ["alarm", id],
    queryFn: ({ signal }) => get(`${ALARMS}/{alarm_id}`, { alarm_id: id }, signal),
    staleTime: 0,
  });
  return (
    <Dialog title={alarm.data ? alarmText(alarm.data) : "Alarm"} onClose={onClose} wide>
      <Loaded query={alarm}>
        {(found) => (
          <>
            <Facts alarm={found} />
            <Advice alarm={found} />
            <AlarmActions alarm={found} />
            <h3 className={css["head"]}>Journal</h3>
            <ol className={css["journal"]} aria-label="Journal">
              {found.transitions.map((t) => <li key={t.number}><Step step={t} /></li>)}
            </ol>
            <Told alarm={found.id} />
          </>
        )}
      </Loaded>
    </Dialog>
  );
}

function Facts({ alarm }: { alarm: Alarm }) {
  const now = useNow(1000);
  return (
    <dl className={css["facts"]}>
      <dt>Severity</dt>
      <dd className={css["level"]}><Mark level={alarm.severity} calling={asksForAck(alarm)} size={18} label="" />{levelText(alarm.severity)} <Marks alarm={alarm} /></dd>
      <dt>State</dt><dd>{stateText(alarm, now)}{alarm.parent_asset && <> (<PlantLink path={alarm.parent_asset}>{alarm.parent_asset}</PlantLink>)</>}</dd>
      <dt>Since</dt><dd>{fullTimeText(Date.parse(alarm.since))}, {lastsText(alarm, now)}</dd>
      <dt>Sensor</dt><dd><PlantLink path={alarm.sensor}>{alarm.sensor}</PlantLink></dd>
      <dt>Rule</dt><dd>{alarm.rule_name}</dd>
      {alarm.group && <><dt>Group</dt><dd>{groupText(alarm.group)}{alarm.first_out && ", of which it came first"}</dd></>}
    </dl>
  );
}

const ADVICE = [["cause", "Likely cause"], ["consequence", "If nothing is done"], ["action", "What to do"]] as const;

function Advice({ alarm }: { alarm: Alarm }) {
  const said = ADVICE.filter(([field]) => alarm[field]);
  if (said.length === 0) return null;
  return <dl className={css["advice"]}>{said.map(([field, title]) => <div key={field}><dt>{title}</dt><dd>{alarm[field]}</dd></div>)}</dl>;
}

const Step = ({ step }: { step: Transition }) => (
  <>
    <b>{eventText(step)}</b>{step.by && ` by ${step.by}`}{step.late && " (late)"}
    {step.comment && <q>{step.event === "assigned" ? step.comment : `“${step.comment}”`}</q>}
    <small>{fullTimeText(Date.parse(step.at))}{step.from !== step.to && ` · ${STATE_TEXT[step.to]}`}</small>
  </>
);
