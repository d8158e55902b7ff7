/** Silences and maintenance windows: made here, and ended before their time. */

import { useQueryClient } from "@tanstack/react-query";
import { BellOff, CalendarClock, Plus } from "lucide-react";
import { useState } from "react";
import { ALERTING, SILENCES, useSilences } from "@/shared/alerting/queries";
import { remove } from "@/shared/api/http";
import { useMay } from "@/shared/api/session";
import type { Silence } from "@/shared/api/types";
import { useNow } from "@/shared/live/hooks";
import { usePlant } from "@/shared/plant/queries";
import { nameOf } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Confirm";
import { Tick } from "@/shared/ui/Form";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import { Actions, Table, Two } from "@/shared/ui/Table";
import { planText } from "./clock";
import css from "./OnCallPage.module.css";
import { coversText, inOrder, silenceState, whenText } from "./plans";
import { SilenceDialog } from "./SilenceDialog";
import { silenceTexts } from "./silenceTexts";
import { texts } from "./texts";
import type { OnCallView } from "./view";

export function SilencesPanel({ view, onView }: { view: OnCallView; onView: (view: OnCallView) => void }) {
  const t = silenceTexts();
  const mayEdit = useMay("operator");
  const [over, setOver] = useState(false);
  const [ending, setEnding] = useState<Silence>();
  const client = useQueryClient();
  return (
    <>
      <Panel title={t.title} actions={mayEdit && <Button look="main" onClick={() => onView({ tab: "silences", silence: "new" })}><Plus size={18} aria-hidden />{t.silence}</Button>}>
        <Loaded query={useSilences(over)}>
          {(items) => items.length === 0 ? <Note>{t.empty}</Note> : <SilenceTable silences={items} onEnd={mayEdit ? setEnding : undefined} />}
        </Loaded>
        <Tick text={t.overToo} checked={over} onTick={setOver} />
      </Panel>
      {mayEdit && view.silence && <SilenceDialog under={view.under} rule={view.rule} onClose={() => onView({ tab: "silences" })} />}
      {ending && (
        <Confirm title={t.endNow} verb={t.endNow} onClose={() => setEnding(undefined)}
          act={async () => { await remove(`${ALERTING}/silences/{silence_id}`, { silence_id: ending.id }); await client.invalidateQueries({ queryKey: SILENCES }); }}>
          {t.reasonHint}
        </Confirm>
      )}
    </>
  );
}

function SilenceTable({ silences, onEnd }: { silences: readonly Silence[]; onEnd: ((silence: Silence) => void) | undefined }) {
  const t = silenceTexts();
  const tree = usePlant().data;
  const now = useNow(30_000);
  const covers = (silence: Silence): string => coversText(silence, (path) => nameOf(tree, path));
  return (
    <Table head={[{ text: t.covers, look: "wide" }, t.when, t.state, t.by, { text: texts().actions, look: "none" }]} label={t.silences} cards>
      {inOrder(silences, now).map((silence) => (
        <tr key={silence.id}>
          <Two below={silence.reason}>{silence.kind === "maintenance" ? t.work(covers(silence)) : covers(silence)}</Two>
          <td>{whenText(silence)}</td>
          <td className={silence.holds ? css["holds"] : css["soft"]}><State silence={silence} now={now} /></td>
          <td>{silence.by}</td>
          <Actions>{onEnd && silenceState(silence, now) !== "over" && <Button onClick={() => onEnd(silence)} aria-label={t.endOf(covers(silence))}>{silence.holds ? t.endNow : t.drop}</Button>}</Actions>
        </tr>
      ))}
    </Table>
  );
}

function State({ silence, now }: { silence: Silence; now: number }) {
  const t = silenceTexts();
  const state = silenceState(silence, now);
  if (state === "holds") return <span className={css["sign"]}><BellOff size={16} aria-hidden />{t.holds}</span>;
  if (state === "coming") return <span className={css["sign"]}><CalendarClock size={16} aria-hidden />{t.toCome}</span>;
  return silence.ended_by && silence.ended_at ? t.endedBy(silence.ended_by, planText(Date.parse(silence.ended_at))) : t.over;
}
