/** One alarm and all it went through. */

import { useQuery } from "@tanstack/react-query";
import { get } from "@/shared/api/http";
import type { Alarm, AlarmWithJournal, Transition } from "@/shared/api/types";
import { fullTimeText } from "@/shared/format/time";
import { alarmText, STATE_TEXT } from "@/shared/alarms/words";
import { Dialog } from "@/shared/ui/Dialog";
import { LEVEL_TEXT, Mark } from "@/shared/ui/Mark";
import { Loaded } from "@/shared/ui/Page";
import { PlantLink } from "@/shared/ui/PlantLink";
import css from "./AlarmsPage.module.css";

export function AlarmDialog({ alarm, onClose }: { alarm: Alarm; onClose: () => void }) {
  const journal = useQuery({
    queryKey: ["alarm", alarm.id],
    queryFn: ({ signal }) => get<AlarmWithJournal>(`/api/alerting/v1/alarms/${alarm.id}`, {}, signal),
    staleTime: 0,
  });
  return (
    <Dialog title={alarmText(alarm)} onClose={onClose}>
      <dl className={css["facts"]}>
        <dt>Severity</dt><dd className={css["level"]}><span><Mark level={alarm.severity} size={18} label="" />{LEVEL_TEXT[alarm.severity]}</span></dd>
        <dt>Sensor</dt><dd><PlantLink path={alarm.sensor}>{alarm.sensor}</PlantLink></dd>
        <dt>Rule</dt><dd>{alarm.rule_name}</dd>
      </dl>
      <Loaded query={journal}>
        {({ transitions }) => (
          <ol className={css["journal"]} aria-label="Journal">
            {transitions.map((t) => <li key={t.number}><Step step={t} /></li>)}
          </ol>
        )}
      </Loaded>
    </Dialog>
  );
}

const Step = ({ step }: { step: Transition }) => (
  <>
    <b>{STATE_TEXT[step.to]}</b>{step.by && ` by ${step.by}`}
    {step.comment && <q>“{step.comment}”</q>}
    <small>{fullTimeText(Date.parse(step.at))}</small>
  </>
);
