/** One alarm: what it means, what can be done about it, and all it went through. */

import { useQuery } from "@tanstack/react-query";
import { ALARMS } from "@/shared/alarms/feed";
import { alarmText } from "@/shared/alarms/words";
import { get } from "@/shared/api/http";
import type { Alarm } from "@/shared/api/types";
import { later } from "@/shared/later";
import { usePlant } from "@/shared/plant/queries";
import { findSensor } from "@/shared/plant/tree";
import { Dialog } from "@/shared/ui/Dialog";
import { Loaded } from "@/shared/ui/Page";
import { AlarmActions } from "./AlarmActions";
import css from "./AlarmDialog.module.css";
import { Facts } from "./Facts";
import { Journal } from "./Journal";
import { texts } from "./texts";
import { Told } from "./Told";

// What draws charts travels only with an alarm that somebody opens.
const AlarmTrend = later(async () => (await import("./AlarmTrend")).default);

export function AlarmDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const alarm = useQuery({
    queryKey: ["alarm", id],
    queryFn: ({ signal }) => get(`${ALARMS}/{alarm_id}`, { alarm_id: id }, signal),
    staleTime: 0,
  });
  return (
    <Dialog title={alarm.data ? alarmText(alarm.data) : texts().title} onClose={onClose} wide>
      <Loaded query={alarm}>
        {(found) => (
          <>
            <Facts alarm={found} />
            <Advice alarm={found} />
            <AlarmActions alarm={found} />
            <Trend key={found.since} alarm={found} />
            <Journal alarm={found} />
            <Told alarm={found.id} />
          </>
        )}
      </Loaded>
    </Dialog>
  );
}

/** States have no height to be drawn; their times stand in the journal. */
function Trend({ alarm }: { alarm: Alarm }) {
  const sensor = findSensor(usePlant().data, alarm.sensor);
  if (sensor?.datatype !== "float") return null;
  return <div className={css["trend"]}><AlarmTrend alarm={alarm} sensor={sensor} /></div>;
}

function Advice({ alarm }: { alarm: Alarm }) {
  const said = (["cause", "consequence", "action"] as const).filter((field) => alarm[field]);
  if (said.length === 0) return null;
  return <dl className={css["advice"]}>{said.map((field) => <div key={field}><dt>{texts()[field]}</dt><dd>{alarm[field]}</dd></div>)}</dl>;
}
