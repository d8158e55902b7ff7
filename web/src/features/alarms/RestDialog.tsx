/** Which of many alarms could not be changed, and why. */

import { alarmText } from "@/shared/alarms/words";
import type { Alarm } from "@/shared/api/types";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons } from "@/shared/ui/Form";
import { words } from "@/shared/ui/texts";
import css from "./AlarmDialog.module.css";
import { texts } from "./texts";
import type { Rest } from "./useMany";

const SHOWN = 50;

export function RestDialog({ rest, onAgain, onClose }: { rest: Rest; onAgain: (alarms: readonly Alarm[]) => void; onClose: () => void }) {
  const { failed, of } = rest;
  return (
    <Dialog title={texts().someFailed(failed.length, of)} onClose={onClose}>
      <ul className={css["told"]}>
        {failed.slice(0, SHOWN).map(({ alarm, why }) => <li key={alarm.id}><b>{alarmText(alarm)}</b> · {alarm.asset_name}: {why}</li>)}
      </ul>
      <Buttons>
        <Button onClick={onClose}>{words().close}</Button>
        <Button look="main" onClick={() => onAgain(failed.map((one) => one.alarm))}>{texts().tryThose}</Button>
      </Buttons>
    </Dialog>
  );
}
