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

export function SilencesPanel() {
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
      <div className={css["filters"]}><Tick text="Those that are over, too" checked={over} onTick={setOver} /></div>
      <Panel title="Silences and maintenance windows" actions={mayEdit && <Button look="main" onClick={() => setNew(true)}><Plus size={18} aria-hidden />Silence</Button>}>
        <Loaded query={useSilences(over)}>
          {(items) => items.length === 0
            ? <Note>Nothing is silenced: whoever is to be told, is told. Silence a part of the plant, a rule, or low severities while there is work on them.</Note>
            : <SilenceTable silences={items} onEnd={mayEdit ? ending.mutate : undefined} busy={ending.isPending} />}
        </Loaded>
        {ending.error && <Failure error={ending.error} />}
      </Panel>
      {isNew && <SilenceDialog onClose={() => setNew(false)} />}
    </>
  );
}

function SilenceTable({ silences, onEnd, busy }: { silences: readonly Silence[]; onEnd: ((silence: Silence) => void) | undefined; busy: boolean }) {
  const tree = usePlant().data;
  return (
    <Table head={[{ text: "Covers", look: "wide" }, "When", "State", "By", { text: "Actions", look: "none" }]} label="Silences" cards>
      {silences.map((silence) => (
        <tr key={silence.id}>
          <Two below={silence.reason}>{silence.kind === "maintenance" ? "Maintenance: " : ""}{coversText(silence, (path) => nameOf(tree, path))}</Two>
          <td>{whenText(silence)}</td>
          <td className={silence.holds ? css["holds"] : css["soft"]}>{stateOf(silence)}</td>
          <td>{silence.by}</td>
          <Actions>{onEnd && !isOver(silence) && <Button disabled={busy} onClick={() => onEnd(silence)} aria-label={`End the silence of ${coversText(silence, (path) => nameOf(tree, path))}`}><BellOff size={18} aria-hidden />End now</Button>}</Actions>
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
  if (silence.holds) return "Holds now";
  if (silence.ended_by && silence.ended_at) return `Ended by ${silence.ended_by}, ${timeText(Date.parse(silence.ended_at))}`;
  return isOver(silence) ? "Over" : "To come";
}
