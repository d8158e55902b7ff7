/** The switch for notifications of this browser. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bell, BellRing } from "lucide-react";
import { useEffect, useState } from "react";
import { isOn, renew, turnOff, turnOn } from "@/shared/push/push";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import css from "./PersonMenu.module.css";

export function NotifyMe({ person }: { person: string }) {
  const [open, setOpen] = useState(false);
  const on = useQuery({ queryKey: ["push", person], queryFn: () => isOn(person), staleTime: Infinity }).data ?? false;
  useEffect(() => {
    renew(person).catch(() => undefined); // Tried again with the next page; the switch says when it is off.
  }, [person]);
  const text = on ? "This browser notifies you of alarms" : "Notify me in this browser";
  return (
    <>
      <button type="button" className={css["out"]} onClick={() => setOpen(true)} aria-haspopup="dialog" aria-label={text} title={text}>
        {on ? <BellRing size={18} /> : <Bell size={18} />}
      </button>
      {open && <Switch person={person} on={on} onClose={() => setOpen(false)} />}
    </>
  );
}

function Switch({ person, on, onClose }: { person: string; on: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const turning = useMutation({ mutationFn: on ? turnOff : turnOn, onSettled: () => client.invalidateQueries({ queryKey: ["push", person] }), onSuccess: onClose });
  return (
    <Dialog title="Notifications of this browser" onClose={onClose}>
      <p>{on
        ? "This browser tells you of alarms, also while Andon's page is closed."
        : `This browser can tell you of alarms, also while Andon's page is closed: of those that a channel of the kind “browsers” for ${person} calls you for.`}</p>
      {turning.error && <Failure error={turning.error} />}
      <Buttons>
        <Button onClick={onClose}>Cancel</Button>
        <Button look="main" disabled={turning.isPending} onClick={() => turning.mutate()}>{on ? "Stop notifying me" : "Notify me in this browser"}</Button>
      </Buttons>
    </Dialog>
  );
}
