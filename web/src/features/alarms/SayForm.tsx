/** What is said with a deed: a comment, a reason, a name. */

import { useState } from "react";
import { Button } from "@/shared/ui/Button";
import { Buttons, TextArea, TextField } from "@/shared/ui/Form";
import { words } from "@/shared/ui/texts";
import css from "./AlarmDialog.module.css";
import type { Act } from "./deeds";
import { texts } from "./texts";

interface Props {
  act: Act;
  busy: boolean;
  onSay: (text: string) => void;
  onCancel: () => void;
}

/** Label and hint of the field; only what one acknowledges with may stay empty. */
function asked(act: Act): { label: string; hint: string } {
  const say = texts();
  if (act === "give") return { label: say.who, hint: say.whoHint };
  if (act === "out-of-service") return { label: say.reason, hint: say.serviceHint };
  return { label: say.comment, hint: act === "ack" ? say.ackHint : say.commentHint };
}

export function SayForm({ act, busy, onSay, onCancel }: Props) {
  const [text, setText] = useState("");
  const name = texts().acts[act];
  const must = act !== "ack";
  const field = { ...asked(act), value: text, onText: setText, required: must, autoFocus: true };
  return (
    <form className={css["form"]} aria-label={name} onSubmit={(e) => { e.preventDefault(); onSay(text.trim()); }}>
      {act === "give" ? <TextField {...field} maxLength={100} autoComplete="off" /> : <TextArea {...field} maxLength={2000} />}
      <Buttons>
        <Button onClick={onCancel}>{words().cancel}</Button>
        <Button look="main" type="submit" disabled={busy || (must && !text.trim())}>{name}</Button>
      </Buttons>
    </form>
  );
}
