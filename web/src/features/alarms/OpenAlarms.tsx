/** The open alarms, most urgent first, kept true by the alarm stream; one or many are dealt with here. */

import { Check, Clock, UserCheck } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { AckDialog } from "@/shared/alarms/AckDialog";
import { MOST_ALARMS, useOpenAlarms } from "@/shared/alarms/feed";
import { useMay, useSession } from "@/shared/api/session";
import type { Alarm } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { asksForAck, byUrgency } from "@/shared/plant/condition";
import type { Tree } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Loaded, Note } from "@/shared/ui/Page";
import css from "./AlarmsPage.module.css";
import { passes, type AlarmFilter } from "./filter";
import { KeySheet } from "./KeySheet";
import { AlarmTable } from "./list/AlarmTable";
import type { Command } from "./list/keys";
import { useSelecting } from "./list/useSelecting";
import { ListBar } from "./ListBar";
import { ListTools } from "./ListTools";
import { RestDialog } from "./RestDialog";
import { ShelveDialog } from "./ShelveForm";
import { texts } from "./texts";
import { useMany } from "./useMany";

interface Props {
  filter: AlarmFilter;
  tree: Tree;
  onOpen: (alarm: Alarm) => void;
}

export function OpenAlarms(props: Props) {
  return <Loaded query={useOpenAlarms()}>{(alarms) => <List key={JSON.stringify(props.filter)} {...props} alarms={alarms} />}</Loaded>;
}

/** What the person is about to do, to which alarms. */
interface Doing {
  what: "ack" | "shelve" | "help";
  alarms: readonly Alarm[];
}

function List({ alarms, filter, tree, onOpen }: Props & { alarms: readonly Alarm[] }) {
  const mayAct = useMay("operator");
  const me = useSession()?.name ?? "";
  const [doing, setDoing] = useState<Doing>();
  const found = useMemo(() => alarms.filter((a) => passes(filter, a, me)).sort(byUrgency), [alarms, filter, me]);
  const selecting = useSelecting(found);
  const many = useMany();
  const ackOne = useCallback((alarm: Alarm) => setDoing({ what: "ack", alarms: [alarm] }), []);
  const close = (): void => setDoing(undefined);
  const say = texts();
  const begin = (what: "ack" | "shelve", chosen: readonly Alarm[]): void => {
    const can = what === "ack" ? chosen.filter(asksForAck) : chosen;
    if (can.length > 0) setDoing({ what, alarms: can });
  };
  const command = (key: Command, at: Alarm | undefined): void => {
    if (key === "help") setDoing({ what: "help", alarms: [] });
    else if (mayAct && (key === "ack" || key === "shelve")) begin(key, selecting.picked.length ? selecting.picked : at ? [at] : []);
  };
  const waiting = found.filter(asksForAck).length;
  return (
    <>
      <ListBar text={found.length > 0 ? say.shown(found.length, waiting) : ""} shown={mayAct ? found.length : 0} selecting={selecting} progress={many.progress}
        acts={<Acts picked={selecting.picked} onAct={begin} onAssign={() => void many.run(selecting.picked, { verb: "assign", body: { to: me } }, say.assigned).then(selecting.none)} />}>
        <ListTools onKeys={() => setDoing({ what: "help", alarms: [] })} />
      </ListBar>
      <AlarmTable label={say.titles.open} alarms={found} tree={tree} empty={alarms.length > 0 ? say.nothingMatches : say.nothingOpen} selecting={mayAct ? selecting : undefined} onOpen={onOpen} onAck={mayAct ? ackOne : undefined} onCommand={command} />
      {alarms.length >= MOST_ALARMS && <Note>{say.most(countText(MOST_ALARMS))}</Note>}
      {doing?.what === "ack" && <AckDialog alarms={doing.alarms} onClose={close} onDone={() => { close(); selecting.none(); }} />}
      {doing?.what === "shelve" && <ShelveDialog alarms={doing.alarms} onClose={close} onShelve={(body) => { close(); void many.run(doing.alarms, { verb: "shelve", body }, say.shelved); }} />}
      {doing?.what === "help" && <KeySheet onClose={close} />}
      {many.rest && <RestDialog rest={many.rest} onClose={many.forget} onAgain={(again) => many.rest && void many.run(again, many.rest.deed, many.rest.text)} />}
    </>
  );
}

interface ActsProps {
  picked: readonly Alarm[];
  onAct: (what: "ack" | "shelve", alarms: readonly Alarm[]) => void;
  onAssign: () => void;
}

function Acts({ picked, onAct, onAssign }: ActsProps) {
  const { acts } = texts();
  const waiting = picked.filter(asksForAck);
  return (
    <>
      <Button look="main" disabled={waiting.length === 0} onClick={() => onAct("ack", waiting)}><Check size={18} aria-hidden />{acts.ack}</Button>
      <Button onClick={() => onAct("shelve", picked)} aria-label={acts.shelve}><Clock size={18} aria-hidden /><span className={css["wide"]}>{acts.shelve}</span></Button>
      <Button onClick={onAssign} aria-label={acts.assign} title={acts.assign}><UserCheck size={18} aria-hidden /><span className={css["wide"]}>{acts.assign}</span></Button>
    </>
  );
}
