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
import { Failure, Loaded, Note, Panel } from "@/shared/ui/Page";
import { Actions, Table, Two } from "@/shared/ui/Table";
import { ChannelDialog } from "./ChannelDialog";
import css from "./OnCallPage.module.css";

type Open = { what: "edit"; channel?: Channel } | { what: "remove"; channel: Channel } | null;

export function ChannelsPanel() {
  const channels = useChannels();
  const client = useQueryClient();
  // Channels lead out of the plant and serve all of it: the services let only admins of the whole touch them.
  const mayEdit = useMay("admin") && useSession()?.scope === "";
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  const add = mayEdit && <Button onClick={() => setOpen({ what: "edit" })}><Plus size={18} aria-hidden />New channel</Button>;
  return (
    <Panel title="Channels" actions={add}>
      <Loaded query={channels}>
        {(items) => items.length === 0
          ? <Note>No channels yet: alarms show on the pages alone. {mayEdit ? "Add an e-mail address, a webhook, a chat or somebody's browsers, then name it in a rule, a policy or a schedule." : "An admin can add an e-mail address, a webhook, a chat or somebody's browsers."}</Note>
          : <ChannelTable channels={items} {...(mayEdit && { onOpen: setOpen })} />}
      </Loaded>
      {open?.what === "edit" && <ChannelDialog channel={open.channel} others={channels.data ?? []} onClose={close} />}
      {open?.what === "remove" && (
        <Confirm title="Remove channel" verb="Remove channel" onClose={close}
          act={async () => { await remove(`${ALERTING}/channels/{channel_id}`, { channel_id: open.channel.id }); await client.invalidateQueries({ queryKey: CHANNELS }); }}>
          Nothing more is sent to “{open.channel.name}”. A channel that a rule, policy or schedule still names cannot be removed.
        </Confirm>
      )}
    </Panel>
  );
}

function ChannelTable({ channels, onOpen }: { channels: readonly Channel[]; onOpen?: (open: Open) => void }) {
  const testing = useMutation({ mutationFn: (channel: Channel) => post(`${ALERTING}/channels/{channel_id}/test`, { channel_id: channel.id }) });
  const head = ["Channel", "Kind", { text: "Target", look: "wide" as const }];
  return (
    <>
      <Table head={onOpen ? [...head, { text: "Actions", look: "none" }] : head} label="Channels" cards>
        {channels.map((channel) => (
          <tr key={channel.id}>
            <Two below={channel.fallback && `else ${channel.fallback}`}>{channel.name}</Two>
            <td>{kindText(channel.kind)}</td>
            <td className={css["target"]}>{channel.kind === "push" && channel.target === "*" ? "everybody" : channel.target}</td>
            {onOpen && (
              <Actions>
                <Button onClick={() => testing.mutate(channel)} disabled={testing.isPending} aria-label={`Send a test message to ${channel.name}`}><Send size={16} aria-hidden />Test</Button>
                <Button look="quiet" aria-label={`Change ${channel.name}`} title="Change" onClick={() => onOpen({ what: "edit", channel })}><Pencil size={18} /></Button>
                <Button look="quiet" aria-label={`Remove ${channel.name}`} title="Remove" onClick={() => onOpen({ what: "remove", channel })}><Trash2 size={18} /></Button>
              </Actions>
            )}
          </tr>
        ))}
      </Table>
      {testing.error && <Failure error={testing.error} />}
      {testing.isSuccess && <p role="status" className={css["soft"]}>The test message to “{testing.variables.name}” was delivered.</p>}
    </>
  );
}
