/** What this browser keeps: readings that wait for the network, and those that were refused. */

import { CloudOff, CircleAlert } from "lucide-react";
import { timeText } from "@/shared/format/time";
import { Button } from "@/shared/ui/Button";
import { Panel } from "@/shared/ui/Page";
import { tell } from "@/shared/ui/tell";
import css from "./Enter.module.css";
import { countsOf, type Waiting } from "./outbox";
import { discard, putBack, sendWaiting, useOutbox } from "./sending";
import { texts } from "./texts";
import { valuesText } from "./words";

export function WaitingPanel({ onMend }: { onMend: (one: Waiting) => void }) {
  const t = texts();
  const all = useOutbox();
  const { waiting, refused } = countsOf(all);
  if (all.length === 0) return null;
  return (
    <>
      {waiting > 0 && (
        <Panel title={<span className={css["state"]}><CloudOff size={18} aria-hidden />{t.waitingTitle(waiting)}</span>} actions={<Button onClick={() => void sendWaiting()}>{t.sendNow}</Button>}>
          <ul className={css["kept"]}>{all.filter((one) => one.refused === undefined).map((one) => <li key={one.id}><Kept one={one} /></li>)}</ul>
        </Panel>
      )}
      {refused > 0 && (
        <Panel title={<span className={css["state"]}><CircleAlert size={18} aria-hidden />{t.refusedTitle(refused)}</span>}>
          <p className={css["hint"]}>{t.refusedHint}</p>
          <ul className={css["kept"]}>{all.filter((one) => one.refused !== undefined).map((one) => <li key={one.id}><Refused one={one} onMend={() => onMend(one)} /></li>)}</ul>
        </Panel>
      )}
    </>
  );
}

const Kept = ({ one }: { one: Waiting }) => <p className={css["entry"]}><b>{one.name}</b> <time>{timeText(one.ts)}</time><span>{valuesText(one)}</span></p>;

function Refused({ one, onMend }: { one: Waiting; onMend: () => void }) {
  const t = texts();
  const time = timeText(one.ts);
  const drop = (): void => { discard(one.id); tell(t.discarded, { undo: () => putBack(one) }); };
  return (
    <>
      <Kept one={one} />
      <p className={css["doubt"]}>{one.refused}</p>
      <div className={css["ways"]}>
        <Button onClick={onMend} aria-label={t.editOf(one.name, time)}>{t.edit}</Button>
        <Button look="quiet" onClick={drop} aria-label={t.discardOf(one.name, time)}>{t.discard}</Button>
      </div>
    </>
  );
}
