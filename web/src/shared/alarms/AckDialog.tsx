/** Say that alarms are seen and seen to, with a comment for those who come later. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Alarm } from "@/shared/api/types";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, TextArea } from "@/shared/ui/Form";
import { Mark } from "@/shared/ui/Mark";
import { Failure } from "@/shared/ui/Page";
import { Path } from "@/shared/ui/Path";
import { words } from "@/shared/ui/texts";
import { useAcknowledge } from "./ack";
import css from "./AckDialog.module.css";
import { texts } from "./texts";
import { alarmText } from "./words";

const SHOWN = 5;

interface Props {
  alarms: readonly Alarm[];
  onClose: () => void;
  /** Called once they are acknowledged; closes when it is left out. */
  onDone?: () => void;
}

export function AckDialog({ alarms, onClose, onDone = onClose }: Props) {
  const say = texts();
  const [comment, setComment] = useState("");
  const acknowledge = useAcknowledge();
  const doing = useMutation({ mutationFn: () => acknowledge(alarms, comment.trim()), onSuccess: onDone });
  return (
    <Dialog title={say.acknowledgeTitle(alarms.length)} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); doing.mutate(); }}>
        <ul className={css["about"]}>
          {alarms.slice(0, SHOWN).map((a) => (
            <li key={a.id}><Mark level={a.severity} size={18} /> <span>{alarmText(a)}<small><Path text={a.asset} /></small></span></li>
          ))}
          {alarms.length > SHOWN && <li>{say.andMore(alarms.length - SHOWN)}</li>}
        </ul>
        <TextArea label={say.comment} hint={say.commentHint} value={comment} onText={setComment} autoFocus maxLength={2000} />
        {doing.error && <Failure error={doing.error} />}
        <Buttons>
          <Button onClick={onClose}>{words().cancel}</Button>
          <Button look="main" type="submit" disabled={doing.isPending}>{doing.isPending ? say.acknowledging : say.acknowledge}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
