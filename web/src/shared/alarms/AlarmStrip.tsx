/** A few alarms in short: each leads to the sensor that raised it, and is acknowledged on the spot. */

import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "@/shared/api/session";
import type { Alarm } from "@/shared/api/types";
import { later } from "@/shared/later";
import { useNow } from "@/shared/live/hooks";
import { asksForAck } from "@/shared/plant/condition";
import { nameOf, type Tree } from "@/shared/plant/tree";
import { Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import { AckButton } from "./AckButton";
import css from "./AlarmStrip.module.css";
import { texts } from "./texts";
import { alarmText, lastsText, stateText } from "./words";

// Dialogs travel later than the first pages.
const AckDialog = later(async () => (await import("./AckDialog")).AckDialog);

interface Props {
  alarms: readonly Alarm[];
  tree: Tree;
  /** Where "all of them" leads. */
  under: string;
  more?: number;
}

export function AlarmStrip({ alarms, tree, under, more = 0 }: Props) {
  const now = useNow(1000);
  const mayAck = useMay("operator");
  const [acking, setAcking] = useState<Alarm>();
  return (
    <>
      <ul>
        {alarms.map((alarm) => (
          <li key={alarm.id} className={css["row"]}>
            <PlantLink path={alarm.sensor} className={css["alarm"]}>
              <Mark level={alarm.severity} calling={asksForAck(alarm)} size={20} />
              <span className={css["what"]}>
                <b>{alarmText(alarm)}</b>
                <small>{nameOf(tree, alarm.asset)} · {stateText(alarm)}</small>
              </span>
              <time className={css["age"]} dateTime={alarm.since}>{lastsText(alarm, now)}</time>
            </PlantLink>
            {mayAck && asksForAck(alarm) && <AckButton alarm={alarm} onAck={() => setAcking(alarm)} />}
          </li>
        ))}
        {more > 0 && <li className={css["all"]}><Link to="/alarms" search={{ under }}>{texts().moreInList(more)}</Link></li>}
      </ul>
      {acking && <AckDialog alarms={[acking]} onClose={() => setAcking(undefined)} />}
    </>
  );
}
