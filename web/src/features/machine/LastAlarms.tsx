/** What was wrong with this machine lately; what still is stands at the head of the page. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { OTHER_ALARMS } from "@/shared/alarms/feed";
import { alarmText, lastsText } from "@/shared/alarms/words";
import { all } from "@/shared/api/http";
import type { Alarm } from "@/shared/api/types";
import { lengthText } from "@/shared/format/time";
import { useNow } from "@/shared/live/hooks";
import { isStanding } from "@/shared/plant/condition";
import { Mark } from "@/shared/ui/Mark";
import { Loaded, Panel } from "@/shared/ui/Page";
import { PlantLink } from "@/shared/ui/PlantLink";
import { words } from "@/shared/ui/texts";
import css from "./Aside.module.css";
import { texts } from "./texts";

const SHOWN = 6;
const ASKED = 20;

export function LastAlarms({ machine, open }: { machine: string; open: number }) {
  const { lastAlarms, noAlarms, allAlarms } = texts();
  const past = useQuery({
    // One more or one less is open: one may have ended.
    queryKey: [...OTHER_ALARMS, "of", machine, open],
    queryFn: ({ signal }) => all("/api/alerting/v1/alarms", { state: "all", under: machine, limit: ASKED }, signal, ASKED),
    select: (alarms) => alarms.filter((a) => !isStanding(a)).slice(0, SHOWN),
    placeholderData: (old) => old,
    staleTime: 30_000,
  });
  return (
    <Panel title={lastAlarms}>
      <Loaded query={past}>
        {(alarms) => alarms.length === 0
          ? <p className={css["none"]}>{noAlarms}</p>
          : <ul>{alarms.map((alarm) => <Past key={alarm.id} alarm={alarm} />)}</ul>}
      </Loaded>
      <Link to="/alarms" search={{ under: machine }} className={css["all"]}>{allAlarms}</Link>
    </Panel>
  );
}

function Past({ alarm }: { alarm: Alarm }) {
  const now = useNow(60_000);
  return (
    <li>
      <PlantLink path={alarm.sensor} className={css["row"]}>
        <Mark level={alarm.severity} size={16} />
        <span className={css["what"]}><b>{alarmText(alarm)}</b><small>{lastsText(alarm, now)}</small></span>
        <time className={css["age"]} dateTime={alarm.since}>{words().ago(lengthText(now - Date.parse(alarm.since)))}</time>
      </PlantLink>
    </li>
  );
}
