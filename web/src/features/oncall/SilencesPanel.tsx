/** Silences and maintenance windows: made here, and ended before their time. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { BellOff, Plus } from "lucide-react";
import { useState } from "react";
import { ALERTING, SILENCES, useSilences } from "@/shared/alerting/queries";
import { remove } from "@/shared/api/http";
import { useMay } from "@/shared/api/session";
import type { Silence } from "@/shared/api/types";
import { timeText } from "@/shared/format/time";
import { usePlant } from "@/shared/plant/queries";
import { nameOf } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Tick } from "@/shared/ui/Form";
import { Failure, Loaded, Note, Panel } from "@/shared/ui/Page";
import { Actions, Table, Two } from "@/shared/ui/Table";
import css from "./OnCallPage.module.css";
import { coversText, whenText } from "./plans";
import { SilenceDialog } from "./SilenceDialog";
import { silenceTexts } from "./silenceTexts";
import { texts } from "./texts";

export function SilencesPanel() {
  const t = silenceTexts();
  const mayEdit = useMay("operator");
  const [over, setOver] = useState(false);
  const [isNew, setNew] = useState(false);
  const client = useQueryClient();
  const ending = useMutation({
    mutationFn: (silence: Silence) => remove(`${ALERTING}/silences/{silence_id}`, { silence_id: silence.id }),
    onSuccess: () => client.invalidateQueries({ queryKey: SILENCES }),
  });
  return (
    <>
      <div className={css["filters"]}><Tick text={t.overToo} checked={over} onTick={setOver} /></div>
      <Panel title={t.title} actions={mayEdit && <Button look="main" onClick={() => setNew(true)}><Plus size={18} aria-hidden />{t.silence}</Button>}>
        <Loaded query={useSilences(over)}>
          {(items) => items.length === 0
            ? <Note>{t.empty}</Note>
            : <SilenceTable silences={items} onEnd={mayEdit ? ending.mutate : undefined} busy={ending.isPending} />}
        </Loaded>
        {ending.error && <Failure error={ending.error} />}
      </Panel>
      {isNew && <SilenceDialog onClose={() => setNew(false)} />}
    </>
  );
}

function SilenceTable({ silences, onEnd, busy }: { silences: readonly Silence[]; onEnd: ((silence: Silence) => void) | undefined; busy: boolean }) {
  const t = silenceTexts();
  const tree = usePlant().data;
  const covers = (silence: Silence): string => coversText(silence, (path) => nameOf(tree, path));
  return (
    <Table head={[{ text: t.covers, look: "wide" }, t.when, t.state, t.by, { text: texts().actions, look: "none" }]} label={t.silences} cards>
      {silences.map((silence) => (
        <tr key={silence.id}>
          <Two below={silence.reason}>{silence.kind === "maintenance" ? t.work(covers(silence)) : covers(silence)}</Two>
          <td>{whenText(silence)}</td>
          <td className={silence.holds ? css["holds"] : css["soft"]}>{stateOf(silence)}</td>
          <td>{silence.by}</td>
          <Actions>{onEnd && !isOver(silence) && <Button disabled={busy} onClick={() => onEnd(silence)} aria-label={t.endOf(covers(silence))}><BellOff size={18} aria-hidden />{t.endNow}</Button>}</Actions>
        </tr>
      ))}
    </Table>
  );
}

const isOver = ({ ended_at, weekly, until, to }: Silence): boolean => {
  const last = weekly ? until : to;
  return ended_at !== null || (last !== null && Date.parse(last) <= Date.now());
};

function stateOf(silence: Silence): string {
  if (silence.holds) return silenceTexts().holds;
  if (silence.ended_by && silence.ended_at) return silenceTexts().endedBy(silence.ended_by, timeText(Date.parse(silence.ended_at)));
  return isOver(silence) ? silenceTexts().over : silenceTexts().toCome;
}
