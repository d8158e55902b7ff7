/** What was told to whom, newest first: delivered, waiting, not told and why. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { messageText, messageStates, saidText } from "@/shared/alarms/messages";
import { alarmText } from "@/shared/alarms/words";
import { ALERTING, useChannels } from "@/shared/alerting/queries";
import { get } from "@/shared/api/http";
import type { Notification, NotificationState } from "@/shared/api/types";
import { timeText } from "@/shared/format/time";
import { Button } from "@/shared/ui/Button";
import { PickField } from "@/shared/ui/Form";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import { Table, Two } from "@/shared/ui/Table";
import { words } from "@/shared/ui/texts";
import { channelTexts } from "./channelTexts";
import css from "./OnCallPage.module.css";

const statesOf = (names: Record<NotificationState, string>) => Object.entries(names) as [NotificationState, string][];

export function MessagesPanel() {
  const [state, setState] = useState<NotificationState | "all">("all");
  const [channel, setChannel] = useState("");
  const t = channelTexts();
  const channels = useChannels().data ?? [];
  const list = useInfiniteQuery({
    queryKey: ["notifications", state, channel],
    queryFn: ({ pageParam, signal }) => get(`${ALERTING}/notifications`, { state, channel, limit: 100, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: 10_000,
  });
  return (
    <>
      <div className={css["filters"]} role="group" aria-label={t.filter}>
        <PickField label={t.state} value={state} onPick={setState} options={[["all", words().all], ...statesOf(messageStates())]} />
        <PickField label={t.channel} value={channel} onPick={setChannel} options={[["", words().all], ...channels.map(({ name }) => [name, name] as const)]} />
      </div>
      <Panel>
        <Loaded query={list}>
          {({ pages }) => {
            const found = pages.flatMap((page) => page.items);
            if (found.length === 0) return <Note>{t.noMessage}</Note>;
            return (
              <>
                <Table head={[t.when, t.addressee, { text: t.message, look: "wide" }, t.state]} label={t.sent} cards>
                  {found.map((n) => <Row key={n.id} message={n} />)}
                </Table>
                {list.hasNextPage && <div className={css["more"]}><Button onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>{t.older}</Button></div>}
              </>
            );
          }}
        </Loaded>
      </Panel>
    </>
  );
}

function Row({ message }: { message: Notification }) {
  const t = channelTexts();
  const { step = 0, repeat = 0, stands_in: instead } = message;
  const why = [step > 0 && t.step(step), repeat > 0 && t.repeat(repeat), instead && t.insteadOf(instead)].filter(Boolean).join(", ");
  const about = [saidText(message), message.asset].filter(Boolean).join(" · ");
  const isBad = message.state === "failed" || Boolean(message.error);
  return (
    <tr>
      <td className={css["when"]}>{timeText(Date.parse(message.sent_at ?? message.created_at))}</td>
      <Two below={why}>{message.channel}</Two>
      <td className={css["target"]}>
        {alarmText({ message: message.message, rule_name: "", active: message.event !== "over" })}
        {about && <small className={css["about"]}>{about}</small>}
      </td>
      <td className={`${css["state"]} ${isBad ? css["bad"] : ""}`}>{messageText(message)}</td>
    </tr>
  );
}
