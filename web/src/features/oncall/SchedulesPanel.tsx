/** Schedules: who is on call now and for the next two weeks, and who takes over. */

import { useQuery } from "@tanstack/react-query";
import { TriangleAlert, UserPlus } from "lucide-react";
import { useState } from "react";
import { ALERTING, SCHEDULES, useSchedules } from "@/shared/alerting/queries";
import { remove } from "@/shared/api/http";
import type { Schedule } from "@/shared/api/types";
import { useNow } from "@/shared/live/hooks";
import { Button } from "@/shared/ui/Button";
import { Loaded } from "@/shared/ui/Page";
import { planText } from "./clock";
import { endOf, gapsOf, turnAfter, turnAt, type Turn } from "./duty";
import duty from "./Duty.module.css";
import { dutyTexts } from "./dutyTexts";
import { Kept } from "./Kept";
import css from "./OnCallPage.module.css";
import { OverrideDialog } from "./OverrideDialog";
import { Overrides } from "./Overrides";
import { layerText } from "./plans";
import { ScheduleDialog } from "./ScheduleDialog";
import { shiftsQuery, useMayOverride, useOwnNames } from "./shifts";
import { texts } from "./texts";
import { Weeks } from "./Weeks";

export function SchedulesPanel() {
  const schedules = useSchedules();
  return (
    <Kept say={texts().schedules} forget={(id) => remove(`${ALERTING}/schedules/{schedule_id}`, { schedule_id: id })} queryKey={SCHEDULES} query={schedules}
      dialog={(item, close) => <ScheduleDialog schedule={item} onClose={close} />}>
      {(items, actions) => items.map((schedule) => <OneSchedule key={schedule.id} schedule={schedule} actions={actions(schedule)} />)}
    </Kept>
  );
}

function OneSchedule({ schedule, actions }: { schedule: Schedule; actions: React.ReactNode }) {
  const turns = useQuery(shiftsQuery(schedule.id));
  const own = useOwnNames();
  const mayOverride = useMayOverride();
  const [overriding, setOverriding] = useState(false);
  const now = useNow(60_000);
  return (
    <section className={css["schedule"]} aria-label={schedule.name}>
      <div className={css["scheduleHead"]}>
        <div>
          <h3>{schedule.name}</h3>
          <Loaded query={turns}>{(found) => <Now turns={found} now={now} />}</Loaded>
        </div>
        <div className={css["deeds"]}>
          {mayOverride && <Button onClick={() => setOverriding(true)} aria-label={texts().schedules.takeOverIn(schedule.name)}><UserPlus size={18} aria-hidden />{texts().schedules.takeOver}</Button>}
          {actions}
        </div>
      </div>
      {turns.data && <Gap turns={turns.data} now={now} />}
      {turns.data && <Weeks turns={turns.data} own={own} now={now} />}
      <Overrides schedule={schedule} />
      <p className={css["soft"]}>{schedule.layers.map(layerText).join(texts().schedules.beforeThem)} · {schedule.zone}</p>
      {overriding && <OverrideDialog schedule={schedule} onClose={() => setOverriding(false)} />}
    </section>
  );
}

function Now({ turns, now }: { turns: readonly Turn[]; now: number }) {
  const turn = turnAt(turns, now);
  const next = turnAfter(turns, now);
  const end = turn && endOf(turns, turn);
  return (
    <p className={duty["now"]}>
      <b>{turn?.member ?? texts().schedules.nobody}</b>
      <span className={duty["soft"]}>
        {end !== undefined && texts().schedules.until(planText(end))}{next?.member && `, ${dutyTexts().after(next.member)}`}
      </span>
    </p>
  );
}

/** Where nobody is on call: seen before it comes. */
function Gap({ turns, now }: { turns: readonly Turn[]; now: number }) {
  const gaps = gapsOf(turns, now);
  const [first] = gaps;
  const t = dutyTexts();
  if (!first) return null;
  const more = gaps.length > 1 ? t.moreGaps(gaps.length - 1) : "";
  return <p className={duty["gap"]}><TriangleAlert size={18} aria-hidden />{gapText(turns, first, now)}{more}.</p>;
}

function gapText(turns: readonly Turn[], gap: Turn, now: number): string {
  const t = dutyTexts();
  const end = endOf(turns, gap);
  if (gap.from <= now) return end === undefined ? t.gapOpen : t.gapNow(planText(end));
  return end === undefined ? t.gapFrom(planText(gap.from)) : t.gap(planText(gap.from), planText(end, gap.from));
}
