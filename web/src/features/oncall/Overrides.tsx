/** Who takes over in a schedule, and when; taken back here. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { ALERTING, SCHEDULES } from "@/shared/alerting/queries";
import { all, post, remove } from "@/shared/api/http";
import type { Override, Schedule } from "@/shared/api/types";
import { Button } from "@/shared/ui/Button";
import { tell, tellError } from "@/shared/ui/tell";
import { planText } from "./clock";
import css from "./Duty.module.css";
import { dutyTexts } from "./dutyTexts";
import { useMayOverride } from "./shifts";
import { texts } from "./texts";

export function Overrides({ schedule: { id } }: { schedule: Schedule }) {
  const mayOverride = useMayOverride();
  const takeBack = useTakeBack(id);
  const overrides = useQuery({ queryKey: [...SCHEDULES, id, "overrides"], queryFn: ({ signal }) => all(`${ALERTING}/schedules/{schedule_id}/overrides`, { schedule_id: id }, signal) });
  if (!overrides.data?.length) return null;
  return (
    <ul aria-label={texts().schedules.takeovers}>
      {overrides.data.map((one) => (
        <li key={one.id} className={css["take"]}>
          <span><b>{one.member}</b> {texts().schedules.takesOver(planText(Date.parse(one.from)), planText(Date.parse(one.to), Date.parse(one.from)))} <span className={css["soft"]}>({one.by})</span></span>
          {mayOverride && <Button look="quiet" aria-label={texts().schedules.notTaken(one.member)} title={texts().schedules.takeBack} onClick={() => void takeBack(one)}><X size={18} /></Button>}
        </li>
      ))}
    </ul>
  );
}

/** Takes a takeover back; whoever did not mean it puts it there again. */
function useTakeBack(schedule_id: string): (one: Override) => Promise<void> {
  const client = useQueryClient();
  const fresh = () => client.invalidateQueries({ queryKey: [...SCHEDULES, schedule_id] });
  return async ({ id, member, from, to }) => {
    try {
      await remove(`${ALERTING}/schedules/{schedule_id}/overrides/{override_id}`, { schedule_id, override_id: id });
      await fresh();
      tell(dutyTexts().takenBack(member), {
        undo: async () => { await post(`${ALERTING}/schedules/{schedule_id}/overrides`, { schedule_id }, { member, from, to }); await fresh(); },
      });
    } catch (error) {
      tellError(dutyTexts().notTakenBack, error);
    }
  };
}
