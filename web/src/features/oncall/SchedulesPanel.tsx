/** Schedules: who is on call now and for the next two weeks, and who takes over. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { UserPlus, X } from "lucide-react";
import { useState } from "react";
import { ALERTING, SCHEDULES, useSchedules } from "@/shared/alerting/queries";
import { all, get, remove } from "@/shared/api/http";
import { useMay } from "@/shared/api/session";
import type { Override, Schedule, Shift } from "@/shared/api/types";
import { fullTimeText } from "@/shared/format/time";
import { useNow } from "@/shared/live/hooks";
import { Button } from "@/shared/ui/Button";
import { Failure, Loaded } from "@/shared/ui/Page";
import { Kept } from "./Kept";
import css from "./OnCallPage.module.css";
import { OverrideDialog } from "./OverrideDialog";
import { layerText } from "./plans";
import { ScheduleDialog } from "./ScheduleDialog";
import { ShiftStrip } from "./ShiftStrip";
import { texts } from "./texts";

export function SchedulesPanel() {
  const schedules = useSchedules();
  return (
    <Kept say={texts().schedules} forget={(id) => remove(`${ALERTING}/schedules/{schedule_id}`, { schedule_id: id })} queryKey={SCHEDULES} query={schedules}
      dialog={(item, close) => <ScheduleDialog schedule={item} onClose={close} />}>
      {(items, actions) => items.map((schedule) => <OneSchedule key={schedule.id} schedule={schedule} actions={actions(schedule)} />)}
    </Kept>
  );
}

const useShifts = ({ id }: Schedule) =>
  useQuery({
    queryKey: [...SCHEDULES, id, "shifts"],
    queryFn: async ({ signal }) => (await get(`${ALERTING}/schedules/{schedule_id}/shifts`, { schedule_id: id, from: "now", to: new Date(Date.now() + 14 * 86_400_000).toISOString() }, signal)).items,
    refetchInterval: 60_000,
  });

function OneSchedule({ schedule, actions }: { schedule: Schedule; actions: React.ReactNode }) {
  const shifts = useShifts(schedule);
  const mayOverride = useMay("operator");
  const [overriding, setOverriding] = useState(false);
  const now = useNow(60_000);
  return (
    <section className={css["schedule"]} aria-label={schedule.name}>
      <div className={css["scheduleHead"]}>
        <h3>{schedule.name}</h3>
        <Loaded query={shifts}>{(found) => <Now shift={found[0]} />}</Loaded>
        <div>
          {mayOverride && <Button onClick={() => setOverriding(true)}><UserPlus size={18} aria-hidden />{texts().schedules.takeOver}</Button>}
          {actions}
        </div>
      </div>
      {shifts.data && <ShiftStrip shifts={shifts.data} start={now} end={now + 14 * 86_400_000} />}
      <p className={css["soft"]}>{schedule.layers.map(layerText).join(texts().schedules.beforeThem)} · {schedule.zone}</p>
      <Overrides schedule={schedule} />
      {overriding && <OverrideDialog schedule={schedule} onClose={() => setOverriding(false)} />}
    </section>
  );
}

const Now = ({ shift }: { shift: Shift | undefined }) => (
  <p className={css["now"]}>
    <b>{shift?.member ?? texts().schedules.nobody}</b>
    {shift && <span className={css["soft"]}>{texts().schedules.until(fullTimeText(Date.parse(shift.to)))}</span>}
  </p>
);

function Overrides({ schedule: { id } }: { schedule: Schedule }) {
  const client = useQueryClient();
  const mayOverride = useMay("operator");
  const [error, setError] = useState<unknown>();
  const overrides = useQuery({ queryKey: [...SCHEDULES, id, "overrides"], queryFn: ({ signal }) => all(`${ALERTING}/schedules/{schedule_id}/overrides`, { schedule_id: id }, signal) });
  const end = (one: Override): void => {
    remove(`${ALERTING}/schedules/{schedule_id}/overrides/{override_id}`, { schedule_id: id, override_id: one.id }).then(() => client.invalidateQueries({ queryKey: [...SCHEDULES, id] }), setError);
  };
  if (!overrides.data?.length) return null;
  return (
    <ul aria-label={texts().schedules.takeovers}>
      {overrides.data.map((one) => (
        <li key={one.id} className={css["now"]}>
          <span><b>{one.member}</b> {texts().schedules.takesOver(fullTimeText(Date.parse(one.from)), fullTimeText(Date.parse(one.to)))} <span className={css["soft"]}>({one.by})</span></span>
          {mayOverride && <Button look="quiet" aria-label={texts().schedules.notTaken(one.member)} title={texts().schedules.takeBack} onClick={() => end(one)}><X size={18} /></Button>}
        </li>
      ))}
      {error !== undefined && <Failure error={error} />}
    </ul>
  );
}
