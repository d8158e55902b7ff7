/** The switch for notifications of this browser. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bell, BellRing } from "lucide-react";
import { useEffect, useState } from "react";
import { later } from "@/shared/later";
import { Button } from "@/shared/ui/Button";
import { Buttons } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";
import { isOn, renew, turnOff, turnOn } from "./push/push";
import { texts } from "./texts";

// Dialogs travel later than the frame.
const Dialog = later(async () => (await import("@/shared/ui/Dialog")).Dialog);

interface Props {
  person: string;
  className?: string | undefined;
  onOpen?: () => void;
}

export function NotifyMe({ person, className, onOpen }: Props) {
  const [open, setOpen] = useState(false);
  const on = useQuery({ queryKey: ["push", person], queryFn: () => isOn(person), staleTime: Infinity }).data ?? false;
  useEffect(() => {
    renew(person).catch(() => undefined); // Tried again with the next page; the switch says when it is off.
  }, [person]);
  return (
    <>
      <button type="button" className={className} onClick={() => { onOpen?.(); setOpen(true); }} aria-haspopup="dialog">
        {on ? <BellRing size={18} aria-hidden /> : <Bell size={18} aria-hidden />}{on ? texts().notified : texts().notNotified}
      </button>
      {open && <Switch person={person} on={on} onClose={() => setOpen(false)} />}
    </>
  );
}

function Switch({ person, on, onClose }: { person: string; on: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const turning = useMutation({ mutationFn: on ? turnOff : turnOn, onSettled: () => client.invalidateQueries({ queryKey: ["push", person] }), onSuccess: onClose });
  const { notifications, notifiedNow, notifiable, stopNotifying, notNotified } = texts();
  return (
    <Dialog title={notifications} onClose={onClose}>
      <p>{on ? notifiedNow : notifiable(person)}</p>
      {turning.error && <Failure error={turning.error} />}
      <Buttons>
        <Button onClick={onClose}>{words().cancel}</Button>
        <Button look="main" disabled={turning.isPending} onClick={() => turning.mutate()}>{on ? stopNotifying : notNotified}</Button>
      </Buttons>
    </Dialog>
  );
}
