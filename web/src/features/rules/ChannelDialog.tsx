/** Add a channel, or change one. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { patch, post } from "@/shared/api/http";
import type { Channel, ChannelDraft } from "@/shared/api/types";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, PickField, TextField } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { ALERTING, CHANNELS } from "./queries";

export function ChannelDialog({ channel, onClose }: { channel?: Channel | undefined; onClose: () => void }) {
  const [draft, setDraft] = useState<ChannelDraft>({ name: channel?.name ?? "", kind: channel?.kind ?? "email", target: channel?.target ?? "" });
  const client = useQueryClient();
  const saving = useMutation({
    mutationFn: () => {
      const body = { ...draft, name: draft.name.trim(), target: draft.target.trim() };
      return channel ? patch(`${ALERTING}/channels/${channel.id}`, body) : post(`${ALERTING}/channels`, body);
    },
    onSuccess: () => { void client.invalidateQueries({ queryKey: CHANNELS }); onClose(); },
  });
  const isMail = draft.kind === "email";
  return (
    <Dialog title={channel ? "Change channel" : "New channel"} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); saving.mutate(); }}>
        <TextField label="Name" value={draft.name} onText={(name) => setDraft({ ...draft, name })} placeholder="maintenance" hint="Rules call it by this name." required maxLength={100} autoFocus />
        <PickField label="Kind" value={draft.kind} onPick={(kind) => setDraft({ ...draft, kind: kind === "webhook" ? "webhook" : "email" })}
          options={[["email", "E-mail"], ["webhook", "Webhook"]]} />
        <TextField label={isMail ? "Address" : "URL"} type={isMail ? "email" : "url"} value={draft.target} onText={(target) => setDraft({ ...draft, target })}
          placeholder={isMail ? "team@example.com" : "https://example.com/hooks/andon"} required maxLength={2000} />
        {saving.error && <Failure error={saving.error} />}
        <Buttons>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="main" type="submit" disabled={saving.isPending}>{channel ? "Save" : "Add channel"}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
