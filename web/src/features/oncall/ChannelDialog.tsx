/** Add a channel, or change one. A new webhook's secret is shown once, for it is told once. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ALERTING, CHANNELS } from "@/shared/alerting/queries";
import { patch, post } from "@/shared/api/http";
import type { Channel, ChannelDraft, ChannelKind } from "@/shared/api/types";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, PickField, TextField } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import css from "./OnCallPage.module.css";

const KINDS: readonly (readonly [ChannelKind, string])[] = [["email", "E-mail"], ["webhook", "Webhook"], ["push", "Browsers of a person"], ["apprise", "Other service (apprise)"]];
const TARGET: Record<ChannelKind, { label: string; type: string; placeholder: string; hint: string }> = {
  email: { label: "Address", type: "email", placeholder: "team@example.com", hint: "One address; a mailing list reaches many." },
  webhook: { label: "URL", type: "url", placeholder: "https://example.com/hooks/andon", hint: "Gets each message as JSON, signed." },
  push: { label: "Person", type: "text", placeholder: "maria", hint: "A user name, or * for everybody. Each turns it on in their browser: “Notify me” beside their name." },
  apprise: { label: "Service", type: "text", placeholder: "slack://…, msteams://…, tgram://…, ntfy://…", hint: "A URL as apprise writes it. It holds secrets: only admins see it." },
};

interface Props {
  channel?: Channel | undefined;
  others: readonly Channel[];
  onClose: () => void;
}

export function ChannelDialog({ channel, others, onClose }: Props) {
  const [draft, setDraft] = useState<ChannelDraft>({ name: channel?.name ?? "", kind: channel?.kind ?? "email", target: channel?.target ?? "", fallback: channel?.fallback ?? null });
  const client = useQueryClient();
  const saving = useMutation({
    mutationFn: () => {
      const body = { ...draft, name: draft.name.trim(), target: draft.target.trim() };
      return channel ? patch(`${ALERTING}/channels/{channel_id}`, { channel_id: channel.id }, body) : post(`${ALERTING}/channels`, {}, body);
    },
    onSuccess: (made) => { void client.invalidateQueries({ queryKey: CHANNELS }); if (!made?.secret) onClose(); },
  });
  if (saving.data?.secret) return <Secret channel={saving.data} onClose={onClose} />;
  const { label, ...target } = TARGET[draft.kind];
  return (
    <Dialog title={channel ? "Change channel" : "New channel"} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); saving.mutate(); }}>
        <TextField label="Name" value={draft.name} onText={(name) => setDraft({ ...draft, name })} placeholder="maintenance" hint="Rules, policies and schedules call it by this name." required maxLength={100} autoFocus />
        <PickField label="Kind" value={draft.kind} onPick={(kind) => setDraft({ ...draft, kind: KINDS.find(([k]) => k === kind)?.[0] ?? "email" })} options={KINDS} />
        <TextField label={label} {...target} value={draft.target} onText={(text) => setDraft({ ...draft, target: text })} required maxLength={2000} spellCheck={false} />
        <PickField label="If it does not deliver" value={draft.fallback ?? ""} onPick={(fallback) => setDraft({ ...draft, fallback: fallback || null })}
          options={[["", "nothing else"], ...others.filter((c) => c.id !== channel?.id).map(({ name }) => [name, `send to ${name}`] as const)]} />
        {saving.error && <Failure error={saving.error} />}
        <Buttons>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="main" type="submit" disabled={saving.isPending}>{channel ? "Save" : "Add channel"}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}

const Secret = ({ channel, onClose }: { channel: Channel; onClose: () => void }) => (
  <Dialog title={`Secret of ${channel.name}`} onClose={onClose}>
    <p>Messages are signed with this secret, as Standard Webhooks says. It is shown this once: copy it to whoever receives them.</p>
    <p className={css["secret"]}><code>{channel.secret}</code></p>
    <Buttons><Button look="main" onClick={onClose} autoFocus>I have it</Button></Buttons>
  </Dialog>
);
