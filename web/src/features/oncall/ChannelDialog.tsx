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
import { words } from "@/shared/ui/texts";
import { channelTexts } from "./channelTexts";
import css from "./OnCallPage.module.css";
import { texts } from "./texts";

const KINDS: readonly ChannelKind[] = ["email", "webhook", "push", "apprise"];
const TARGET: Record<ChannelKind, { type: string; placeholder: string }> = {
  email: { type: "email", placeholder: "team@example.com" },
  webhook: { type: "url", placeholder: "https://example.com/hooks/andon" },
  push: { type: "text", placeholder: "maria" },
  apprise: { type: "text", placeholder: "slack://…, msteams://…, tgram://…, ntfy://…" },
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
  const t = channelTexts();
  return (
    <Dialog title={channel ? t.edit : t.make} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); saving.mutate(); }}>
        <TextField label={texts().name} value={draft.name} onText={(name) => setDraft({ ...draft, name })} placeholder={t.example} hint={t.nameHint} required maxLength={100} autoFocus />
        <PickField label={t.kind} value={draft.kind} onPick={(kind) => setDraft({ ...draft, kind })} options={KINDS.map((kind) => [kind, t.kinds[kind]] as const)} />
        <TextField label={t.targets[draft.kind]} hint={t.targetHints[draft.kind]} {...TARGET[draft.kind]} value={draft.target} onText={(text) => setDraft({ ...draft, target: text })} required maxLength={2000} spellCheck={false} />
        <PickField label={t.ifNot} value={draft.fallback ?? ""} onPick={(fallback) => setDraft({ ...draft, fallback: fallback || null })}
          options={[["", t.nothingElse], ...others.filter((c) => c.id !== channel?.id).map(({ name }) => [name, t.sendTo(name)] as const)]} />
        {saving.error && <Failure error={saving.error} />}
        <Buttons>
          <Button onClick={onClose}>{words().cancel}</Button>
          <Button look="main" type="submit" disabled={saving.isPending}>{channel ? words().save : t.add}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}

const Secret = ({ channel, onClose }: { channel: Channel; onClose: () => void }) => (
  <Dialog title={channelTexts().secretOf(channel.name)} onClose={onClose}>
    <p>{channelTexts().secret}</p>
    <p className={css["secret"]}><code>{channel.secret}</code></p>
    <Buttons><Button look="main" onClick={onClose} autoFocus>{channelTexts().haveIt}</Button></Buttons>
  </Dialog>
);
