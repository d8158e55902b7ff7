/** The open alarms, most urgent first, kept true by the alarm stream; one or many are acknowledged here. */

import { Check } from "lucide-react";
import { useCallback, useState } from "react";
import { AckDialog } from "@/shared/alarms/AckDialog";
import { MOST_ALARMS, useOpenAlarms } from "@/shared/alarms/feed";
import { useMay, useSession } from "@/shared/api/session";
import type { Alarm } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { asksForAck, byUrgency } from "@/shared/plant/condition";
import type { Tree } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Tick } from "@/shared/ui/Form";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import { Table, type Head } from "@/shared/ui/Table";
import { AlarmRow } from "./AlarmRow";
import css from "./AlarmsPage.module.css";
import { passes, sliceOf, type AlarmFilter, type Slice } from "./filter";

export const HEAD: readonly Head[] = [
  { text: "Select", look: "none" }, { text: "Severity", look: "none" }, { text: "Alarm", look: "wide" },
  "Since", "State", { text: "Actions", look: "none" },
];
/** Of one page: in a flood only these are drawn. */
const ROWS = 100;

interface Props {
  filter: AlarmFilter;
  tree: Tree;
  onOpen: (alarm: Alarm) => void;
}

export function OpenAlarms(props: Props) {
  return <Loaded query={useOpenAlarms()}>{(alarms) => <List key={JSON.stringify(props.filter)} {...props} alarms={alarms} />}</Loaded>;
}

function List({ alarms, filter, tree, onOpen }: Props & { alarms: readonly Alarm[] }) {
  const mayAck = useMay("operator");
  const me = useSession()?.name ?? "";
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [acking, setAcking] = useState<readonly Alarm[]>([]);
  const [page, setPage] = useState(0);
  const pick = useCallback((id: string, on: boolean) => setPicked((old) => new Set(on ? [...old, id] : [...old].filter((p) => p !== id))), []);
  const ackOne = useCallback((alarm: Alarm) => setAcking([alarm]), []);
  const found = alarms.filter((a) => passes(filter, a, me)).sort(byUrgency);
  const slice = sliceOf(found, page, ROWS);
  if (found.length === 0) return <Panel><Nothing any={alarms.length > 0} /></Panel>;
  return (
    <>
      {mayAck && <Selection waiting={found.filter(asksForAck)} picked={picked} onPicked={setPicked} onAck={setAcking} />}
      <Panel>
        <div className={css["list"]}><Table head={HEAD} label="Open alarms">
          {slice.items.map((a) => (
            <AlarmRow key={a.id} alarm={a} tree={tree} onOpen={onOpen} picked={picked.has(a.id)} {...(mayAck && { onPick: pick, onAck: ackOne })} />
          ))}
        </Table></div>
        {slice.pages > 1 && <Pages slice={slice} of={found.length} onPage={setPage} />}
        {alarms.length >= MOST_ALARMS && <Note>Only the {countText(MOST_ALARMS)} most severe are here. Narrow the list by a part of the plant.</Note>}
      </Panel>
      {acking.length > 0 && <AckDialog alarms={acking} onClose={() => setAcking([])} />}
    </>
  );
}

interface SelectionProps {
  waiting: readonly Alarm[];
  picked: ReadonlySet<string>;
  onPicked: (ids: ReadonlySet<string>) => void;
  onAck: (alarms: readonly Alarm[]) => void;
}

function Selection({ waiting, picked, onPicked, onAck }: SelectionProps) {
  if (waiting.length === 0) return null;
  // What has been acknowledged elsewhere, or filtered away, is no longer selected.
  const selected = waiting.filter((a) => picked.has(a.id));
  return (
    <div className={css["picked"]}>
      <Tick text={`Select all not acknowledged (${countText(waiting.length)})`} checked={selected.length === waiting.length}
        onTick={(on) => onPicked(new Set(on ? waiting.map((a) => a.id) : []))} />
      <strong role="status">{selected.length > 0 && `${countText(selected.length)} selected`}</strong>
      <Button look="main" disabled={selected.length === 0} onClick={() => onAck(selected)}><Check size={18} aria-hidden />Acknowledge selected</Button>
    </div>
  );
}

function Pages({ slice: { page, pages }, of, onPage }: { slice: Slice<Alarm>; of: number; onPage: (page: number) => void }) {
  return (
    <nav className={css["pages"]} aria-label="Pages of alarms">
      <Button disabled={page === 0} onClick={() => onPage(page - 1)}>More urgent</Button>
      <span role="status">{countText(page * ROWS + 1)} to {countText(Math.min(of, (page + 1) * ROWS))} of {countText(of)}</span>
      <Button disabled={page === pages - 1} onClick={() => onPage(page + 1)}>Less urgent</Button>
    </nav>
  );
}

const Nothing = ({ any }: { any: boolean }) => (
  <Note>{any ? "No open alarm matches this filter." : "No open alarms: everything is within its limits. Those that are over are under “Closed”."}</Note>
);
