/** What people do to one alarm; what wants a reason asks for it on the spot. */

import { Ban, Check, Clock, Eye, MessageSquare, RotateCcw, UserCheck, UserX } from "lucide-react";
import { useState } from "react";
import { useDeed } from "@/shared/alarms/ack";
import { useMay, useSession } from "@/shared/api/session";
import type { Alarm } from "@/shared/api/types";
import { Button } from "@/shared/ui/Button";
import { Buttons, PickField, TextArea } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import css from "./AlarmDialog.module.css";
import { actsFor, deedOf, LENGTHS, type Act } from "./deeds";

const LOOK: Record<Act, [text: string, icon: React.ReactNode]> = {
  ack: ["Acknowledge", <Check size={18} aria-hidden />],
  reset: ["Reset", <RotateCcw size={18} aria-hidden />],
  unshelve: ["Unshelve", <Eye size={18} aria-hidden />],
  "in-service": ["Put back in service", <Eye size={18} aria-hidden />],
  assign: ["Assign to me", <UserCheck size={18} aria-hidden />],
  unassign: ["Give it back", <UserX size={18} aria-hidden />],
  comments: ["Comment", <MessageSquare size={18} aria-hidden />],
  shelve: ["Shelve", <Clock size={18} aria-hidden />],
  "out-of-service": ["Out of service", <Ban size={18} aria-hidden />],
};
/** What is said with it; the others are done at once. */
const ASKS: Partial<Record<Act, { label: string; hint: string; must: boolean }>> = {
  ack: { label: "Comment", hint: "What is being done, and by whom. May stay empty.", must: false },
  comments: { label: "Comment", hint: "Stays in the journal.", must: true },
  shelve: { label: "Reason", hint: "Whoever finds the alarm shelved reads this.", must: true },
  "out-of-service": { label: "Reason", hint: "It stays silent until somebody puts it back.", must: true },
};

export function AlarmActions({ alarm }: { alarm: Alarm }) {
  const mayAct = useMay("operator");
  const me = useSession()?.name ?? "";
  const [asking, setAsking] = useState<Act>();
  const deed = useDeed(alarm, () => setAsking(undefined));
  if (!mayAct) return null;
  const acts = actsFor(alarm, me);
  const begin = (act: Act): void => {
    deed.reset();
    if (ASKS[act]) setAsking(act === asking ? undefined : act);
    else deed.mutate(deedOf(act, me));
  };
  return (
    <>
      <div className={css["actions"]} role="group" aria-label="What to do with this alarm">
        {acts.map((act, i) => (
          <Button key={act} look={i === 0 && act !== "comments" ? "main" : "plain"} aria-expanded={ASKS[act] && asking === act} disabled={deed.isPending} onClick={() => begin(act)}>
            {LOOK[act][1]}{LOOK[act][0]}
          </Button>
        ))}
      </div>
      {asking && acts.includes(asking) && <Saying key={asking} act={asking} busy={deed.isPending} onSay={(text, length) => deed.mutate(deedOf(asking, me, text, length))} onCancel={() => setAsking(undefined)} />}
      {deed.error && <Failure error={deed.error} />}
    </>
  );
}

function Saying({ act, busy, onSay, onCancel }: { act: Act; busy: boolean; onSay: (text: string, length: string) => void; onCancel: () => void }) {
  const [text, setText] = useState("");
  const [length, setLength] = useState<string>("8h");
  const ask = ASKS[act];
  if (!ask) return null;
  return (
    <form className={css["form"]} aria-label={LOOK[act][0]} onSubmit={(e) => { e.preventDefault(); onSay(text.trim(), length); }}>
      {act === "shelve" && <PickField label="For" value={length} onPick={setLength} options={LENGTHS} />}
      <TextArea label={ask.label} hint={ask.hint} value={text} onText={setText} required={ask.must} maxLength={2000} autoFocus />
      <Buttons>
        <Button onClick={onCancel}>Cancel</Button>
        <Button look="main" type="submit" disabled={busy || (ask.must && !text.trim())}>{LOOK[act][0]}</Button>
      </Buttons>
    </form>
  );
}
