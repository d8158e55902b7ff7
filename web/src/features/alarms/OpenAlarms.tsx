/** The open alarms, most urgent first, kept true by the alarm stream; one or many are acknowledged here. */

import { Check } from "lucide-react";
import { useState } from "react";
import { AckDialog } from "@/shared/alarms/AckDialog";
import { useOpenAlarms } from "@/shared/alarms/feed";
import { useMay } from "@/shared/api/session";
import type { Alarm } from "@/shared/api/types";
import { useNow } from "@/shared/live/hooks";
import { asksForAck, byUrgency } from "@/shared/plant/condition";
import type { Tree } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Tick } from "@/shared/ui/Form";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import { Table, type Head } from "@/shared/ui/Table";
import { AlarmRow } from "./AlarmRow";
import css from "./AlarmsPage.module.css";
import { passes, type AlarmFilter } from "./filter";

export const HEAD: readonly Head[] = [
  { text: "Select", look: "none" }, { text: "Severity", look: "none" }, { text: "Alarm", look: "wide" },
  "Since", "State", { text: "Actions", look: "none" },
];
const MOST_ROWS = 500;

interface Props {
  filter: AlarmFilter;
  tree: Tree;
  onOpen: (alarm: Alarm) => void;
}

export function OpenAlarms(props: Props) {
  return <Loaded query={useOpenAlarms()}>{(alarms) => <List {...props} alarms={alarms} />}</Loaded>;
}

function List({ alarms, filter, tree, onOpen }: Props & { alarms: readonly Alarm[] }) {
  const now = useNow(1000);
  const mayAck = useMay("operator");
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [acking, setAcking] = useState<readonly Alarm[]>([]);
  const shown = alarms.filter((a) => passes(filter, a)).sort(byUrgency).slice(0, MOST_ROWS);
  const waiting = shown.filter(asksForAck);
  // What has been acknowledged elsewhere, or filtered away, is no longer selected.
  const selected = waiting.filter((a) => picked.has(a.id));
  const pick = (id: string, on: boolean): void => setPicked(new Set(on ? [...picked, id] : [...picked].filter((p) => p !== id)));
  if (shown.length === 0) return <Panel><Nothing any={alarms.length > 0} /></Panel>;
  return (
    <>
      {mayAck && waiting.length > 0 && (
        <div className={css["picked"]} role="status">
          <Tick text={`Select all not acknowledged (${waiting.length})`} checked={selected.length === waiting.length}
            onTick={(on) => setPicked(new Set(on ? waiting.map((a) => a.id) : []))} />
          <strong>{selected.length > 0 && `${selected.length} selected`}</strong>
          <Button look="main" disabled={selected.length === 0} onClick={() => setAcking(selected)}><Check size={18} aria-hidden />Acknowledge selected</Button>
        </div>
      )}
      <Panel>
        <div className={css["list"]}><Table head={HEAD} label="Open alarms">
          {shown.map((a) => (
            <AlarmRow key={a.id} alarm={a} tree={tree} now={now} onOpen={() => onOpen(a)}
              pick={mayAck ? { picked: picked.has(a.id), onPick: (on) => pick(a.id, on), onAck: () => setAcking([a]) } : undefined} />
          ))}
        </Table></div>
        {shown.length === MOST_ROWS && <Note>Only the {MOST_ROWS} most urgent are shown. Narrow the list by a part of the plant.</Note>}
      </Panel>
      {acking.length > 0 && <AckDialog alarms={acking} onClose={() => setAcking([])} />}
    </>
  );
}

const Nothing = ({ any }: { any: boolean }) => (
  <Note>{any ? "No open alarm matches this filter." : "No open alarms: everything is within its limits. Closed ones are under “History”."}</Note>
);
