/** Channels: ways to reach people. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { ALERTING, CHANNELS, useChannels } from "@/shared/alerting/queries";
import { kindText } from "@/shared/alerting/words";
import { post, remove } from "@/shared/api/http";
import { useMay, useSession } from "@/shared/api/session";
import type { Channel } from "@/shared/api/types";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Confirm";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import { Actions, Table, Two } from "@/shared/ui/Table";
import { tell, tellError } from "@/shared/ui/tell";
import { words } from "@/shared/ui/texts";
import { ChannelDialog } from "./ChannelDialog";
import { channelTexts } from "./channelTexts";
import css from "./OnCallPage.module.css";
import { texts } from "./texts";

type Open = { what: "edit"; channel?: Channel } | { what: "remove"; channel: Channel } | null;

export function ChannelsPanel() {
  const channels = useChannels();
  const client = useQueryClient();
  // Channels lead out of the plant and serve all of it: the services let only admins of the whole touch them.
  const mayEdit = useMay("admin") && useSession()?.scope === "";
  const [open, setOpen] = useState<Open>(null);
  const t = channelTexts();
  const close = (): void => setOpen(null);
  const add = mayEdit && <Button onClick={() => setOpen({ what: "edit" })}><Plus size={18} aria-hidden />{t.make}</Button>;
  return (
    <Panel title={t.title} actions={add}>
      <Loaded query={channels}>
        {(items) => items.length === 0
          ? <Note>{t.none} {mayEdit ? t.addOne : t.askAdmin}</Note>
          : <ChannelTable channels={items} {...(mayEdit && { onOpen: setOpen })} />}
      </Loaded>
      {open?.what === "edit" && <ChannelDialog channel={open.channel} others={channels.data ?? []} onClose={close} />}
      {open?.what === "remove" && (
        <Confirm title={t.forget} verb={t.forget} onClose={close}
          act={async () => { await remove(`${ALERTING}/channels/{channel_id}`, { channel_id: open.channel.id }); await client.invalidateQueries({ queryKey: CHANNELS }); }}>
          {t.gone(open.channel.name)}
        </Confirm>
      )}
    </Panel>
  );
}

function ChannelTable({ channels, onOpen }: { channels: readonly Channel[]; onOpen?: (open: Open) => void }) {
  const t = channelTexts();
  const testing = useMutation({
    mutationFn: (channel: Channel) => post(`${ALERTING}/channels/{channel_id}/test`, { channel_id: channel.id }),
    // Told where it is seen however long the list is.
    onSuccess: (_, { name }) => tell(t.tested(name)),
    onError: (error, { name }) => tellError(t.notTested(name), error),
  });
  const head = [t.channel, t.kind, { text: t.target, look: "wide" as const }];
  return (
    <Table head={onOpen ? [...head, { text: texts().actions, look: "none" }] : head} label={t.title} cards>
      {channels.map((channel) => (
        <tr key={channel.id}>
          <Two below={channel.fallback && t.otherwise(channel.fallback)}>{channel.name}</Two>
          <td>{kindText(channel.kind)}</td>
          <td className={css["target"]}>{channel.kind === "push" && channel.target === "*" ? t.everybody : channel.target}</td>
          {onOpen && (
            <Actions>
              <Button onClick={() => testing.mutate(channel)} disabled={testing.isPending} aria-label={t.testTo(channel.name)}><Send size={16} aria-hidden />{t.test}</Button>
              <Button look="quiet" aria-label={texts().changeOne(channel.name)} title={texts().change} onClick={() => onOpen({ what: "edit", channel })}><Pencil size={18} /></Button>
              <Button look="quiet" aria-label={texts().removeOne(channel.name)} title={words().remove} onClick={() => onOpen({ what: "remove", channel })}><Trash2 size={18} /></Button>
            </Actions>
          )}
        </tr>
      ))}
    </Table>
  );
}
