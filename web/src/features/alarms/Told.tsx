/** Who was told of an alarm, and who is called next. */

import { useQuery } from "@tanstack/react-query";
import { get } from "@/shared/api/http";
import { ALARMS } from "@/shared/alarms/feed";
import { messageText, saidText } from "@/shared/alarms/messages";
import { timeText } from "@/shared/format/time";
import { Failure } from "@/shared/ui/Page";
import css from "./AlarmDialog.module.css";

export function Told({ alarm }: { alarm: string }) {
  const told = useQuery({
    queryKey: ["alarm", alarm, "notifications"],
    queryFn: ({ signal }) => get(`${ALARMS}/{alarm_id}/notifications`, { alarm_id: alarm }, signal),
    refetchInterval: 10_000,
  });
  if (told.error) return <Failure error={told.error} />;
  if (!told.data || (told.data.items.length === 0 && !told.data.next_call)) return null;
  const { items, next_call: next } = told.data;
  return (
    <>
      <h3 className={css["head"]}>Who was told</h3>
      <ul className={css["told"]}>
        {items.map((n) => <li key={n.id}><b>{n.channel}</b> · {[timeText(Date.parse(n.sent_at ?? n.created_at)), saidText(n), messageText(n)].filter(Boolean).join(" · ")}</li>)}
        {next && <li>Unless somebody acknowledges it, step {next.step} of “{next.policy}” is called at {timeText(Date.parse(next.due))}.</li>}
      </ul>
    </>
  );
}
