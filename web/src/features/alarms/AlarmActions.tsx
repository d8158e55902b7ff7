/** What people do to one alarm; what wants a reason asks for it on the spot. */

import { useMutation } from "@tanstack/react-query";
import { Ban, Check, Clock, Eye, MessageSquare, RotateCcw, UserCheck, UserPlus, UserX } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useDoing, type Deed } from "@/shared/alarms/ack";
import { useMay, useSession } from "@/shared/api/session";
import type { Alarm } from "@/shared/api/types";
import { Button } from "@/shared/ui/Button";
import { Failure } from "@/shared/ui/Page";
import css from "./AlarmDialog.module.css";
import { actsFor, deedOf, type Act } from "./deeds";
import { SayForm } from "./SayForm";
import { ShelveForm } from "./ShelveForm";
import { texts } from "./texts";
import { tellDone } from "./useMany";

const ICON: Record<Act, React.ReactNode> = {
  ack: <Check size={18} aria-hidden />, reset: <RotateCcw size={18} aria-hidden />, unshelve: <Eye size={18} aria-hidden />, "in-service": <Eye size={18} aria-hidden />,
  assign: <UserCheck size={18} aria-hidden />, give: <UserPlus size={18} aria-hidden />, unassign: <UserX size={18} aria-hidden />, comments: <MessageSquare size={18} aria-hidden />,
  shelve: <Clock size={18} aria-hidden />, "out-of-service": <Ban size={18} aria-hidden />,
};
/** These ask for something first; the others are done at once. */
const ASKS: readonly Act[] = ["ack", "give", "comments", "shelve", "out-of-service"];

/** What is told afterwards; '' where the alarm itself shows it. */
function toldOf(deed: Deed): string {
  const say = texts();
  if (deed.verb === "shelve") return say.shelved(1);
  if (deed.verb === "out-of-service") return say.tookOut;
  return deed.verb !== "assign" ? "" : deed.body.to === null ? say.unassigned : say.assignedTo(deed.body.to);
}

export function AlarmActions({ alarm }: { alarm: Alarm }) {
  const mayAct = useMay("operator");
  const me = useSession()?.name ?? "";
  const [asking, setAsking] = useState<Act>();
  const act = useDoing();
  const doing = useMutation({
    mutationFn: (deed: Deed) => act(alarm, deed),
    onSuccess: (_, deed) => {
      setAsking(undefined);
      if (toldOf(deed)) tellDone(act, [alarm], deed, toldOf(deed));
    },
  });
  const group = useRef<HTMLDivElement>(null);
  // The button that was pressed may be gone now; without a focus inside, Escape would reach no dialog.
  useEffect(() => {
    if (document.activeElement === document.body) group.current?.focus();
  }, [alarm, asking]);
  if (!mayAct) return null;
  const acts = actsFor(alarm, me);
  const begin = (chosen: Act): void => {
    doing.reset();
    if (ASKS.includes(chosen)) setAsking(chosen === asking ? undefined : chosen);
    else if (chosen !== "shelve") doing.mutate(deedOf(chosen, me));
  };
  const form = { busy: doing.isPending, onCancel: () => setAsking(undefined) };
  return (
    <>
      <div className={css["actions"]} ref={group} tabIndex={-1} role="group" aria-label={texts().actsLabel}>
        {acts.map((one, i) => (
          <Button key={one} look={i === 0 && one !== "comments" ? "main" : "plain"} aria-expanded={ASKS.includes(one) ? asking === one : undefined} disabled={doing.isPending} onClick={() => begin(one)}>
            {ICON[one]}{texts().acts[one]}
          </Button>
        ))}
      </div>
      {asking === "shelve" && acts.includes(asking) && <ShelveForm {...form} onShelve={(body) => doing.mutate({ verb: "shelve", body })} />}
      {asking && asking !== "shelve" && acts.includes(asking) && <SayForm key={asking} act={asking} {...form} onSay={(text) => doing.mutate(deedOf(asking, me, text))} />}
      {doing.error && <Failure error={doing.error} />}
    </>
  );
}
