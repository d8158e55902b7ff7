/** Who was told of an alarm by which channel, what they read, and who is called next. */

import { useQuery } from "@tanstack/react-query";
import { useChannels } from "@/shared/alerting/queries";
import { kindText } from "@/shared/alerting/words";
import { ALARMS } from "@/shared/alarms/feed";
import { messageText, saidText } from "@/shared/alarms/messages";
import { get } from "@/shared/api/http";
import type { Notification } from "@/shared/api/types";
import { timeText } from "@/shared/format/time";
import { Failure } from "@/shared/ui/Page";
import css from "./AlarmDialog.module.css";
import { texts } from "./texts";

export function Told({ alarm }: { alarm: string }) {
  const told = useQuery({
    queryKey: ["alarm", alarm, "notifications"],
    queryFn: ({ signal }) => get(`${ALARMS}/{alarm_id}/notifications`, { alarm_id: alarm }, signal),
    refetchInterval: 10_000,
  });
  const channels = useChannels().data ?? [];
  if (told.error) return <Failure error={told.error} />;
  if (!told.data) return null;
  const { items, next_call: next } = told.data;
  const say = texts();
  return (
    <>
      <h3 className={css["head"]}>{say.told}</h3>
      {items.length === 0 && !next && <p className={css["soft"]}>{say.nobodyTold}</p>}
      <ul className={css["told"]} aria-label={say.told}>
        {items.map((n) => <li key={n.id}><Message sent={n} kind={channels.find((c) => c.name === n.channel)?.kind} /></li>)}
        {next && <li>{say.nextCall(next.step, next.policy, timeText(Date.parse(next.due)))}</li>}
      </ul>
    </>
  );
}

const Message = ({ sent, kind }: { sent: Notification; kind: Parameters<typeof kindText>[0] | undefined }) => (
  <>
    <b>{sent.channel}</b>{kind && ` (${kindText(kind)})`} · {[timeText(Date.parse(sent.sent_at ?? sent.created_at)), saidText(sent), messageText(sent)].filter(Boolean).join(" · ")}
    {/* As it went out: what somebody was told is not said anew. */}
    {sent.message && <q title={texts().message}>{texts().quote(sent.message)}</q>}
  </>
);
