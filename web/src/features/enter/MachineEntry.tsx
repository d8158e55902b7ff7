/** The form of one machine: its fields, when and by the way; then what became of it. */

import { useEffect, useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { serverNow } from "@/shared/clock";
import { typedText } from "@/shared/format/moment";
import { useNow, useWant } from "@/shared/live/hooks";
import { live } from "@/shared/live/live";
import { useSeed } from "@/shared/plant/queries";
import { trail, type Node, type Tree } from "@/shared/plant/tree";
import { TextArea } from "@/shared/ui/Form";
import { MomentField } from "@/shared/ui/MomentField";
import { Failure, Note, PageHead, Panel } from "@/shared/ui/Page";
import { EMPTY, filling, isReady, MOST_NOTE, type Draft, type Filling } from "./draft";
import css from "./Enter.module.css";
import { Fields } from "./Fields";
import { rememberMachines } from "./machines";
import { mended, type Waiting } from "./outbox";
import { Outcome, type Done } from "./Outcome";
import { enterable, stops } from "./round";
import { RoundBar } from "./RoundBar";
import { submit } from "./sending";
import { StoreBar } from "./StoreBar";
import { texts } from "./texts";
import { decimalSign } from "./typed";
import { useKnown } from "./useKnown";
import type { EnterView } from "./view";

interface Props {
  tree: Tree;
  machine: Node;
  round: string | undefined;
  /** A refused entry that is filled in again. */
  mending: Waiting | undefined;
  onMended: () => void;
  onView: (view: EnterView) => void;
}

const SECOND = 1000;

const draftOf = (one: Waiting): Draft => mended(one, decimalSign(), typedText(one.ts));

export function MachineEntry({ tree, machine, round, mending, onMended, onView }: Props) {
  useSeed(machine.path);
  useWant(machine.path, 1);
  const sensors = enterable(machine);
  const known = useKnown(machine.sensors);
  const now = useNow(SECOND);
  const [draft, setDraft] = useState(() => (mending ? draftOf(mending) : EMPTY));
  const [done, setDone] = useState<Done>();
  useEffect(() => rememberMachines(round ? stops(tree, round) : [machine]), [tree, round, machine]);
  const fill = (): Filling => filling(sensors, draft, { last: (path) => live.cells.get(path)?.value ?? undefined, known }, serverNow());
  const found = filling(sensors, draft, { last: (path) => live.cells.get(path)?.value ?? undefined, known }, now);
  const storing = useMutation({
    networkMode: "always", // Without a network it is kept here.
    mutationFn: async (): Promise<Done> => {
      const { at, values } = fill();
      // Whole seconds, which can be typed again: a correction is for the same time.
      const entry: Waiting = { id: mending?.id ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`, asset: machine.path, name: machine.name || machine.slug, ts: Math.floor(at / SECOND) * SECOND, values, note: draft.note.trim() };
      return { entry, outcome: await submit(entry) };
    },
    onSuccess: (what) => { setDone(what); setDraft(EMPTY); if (mending) onMended(); },
  });
  const store = (event: React.FormEvent): void => { event.preventDefault(); if (isReady(found, draft) && !storing.isPending) storing.mutate(); };
  return (
    <>
      <PageHead title={machine.name || machine.slug} hint={trail(tree, machine.path).slice(0, -1).map((n) => n.name || n.slug).join(" › ")} />
      {round && <RoundBar tree={tree} round={round} machine={machine} />}
      {done && <Outcome done={done} machine={machine} tree={tree} round={round} onCorrect={() => { setDraft(draftOf(done.entry)); setDone(undefined); }} onAnother={() => onView({})} />}
      {sensors.length === 0 ? <Panel><Note>{texts().nothingToEnter}</Note></Panel> : (
        <form className={css["form"]} onSubmit={store} noValidate>
          <Fields sensors={sensors} draft={draft} found={found} known={known} onDraft={(changed) => { setDraft(changed); setDone(undefined); }} />
          <Panel>
            <MomentField label={texts().when} value={draft.at} now={now} onText={(at) => setDraft({ ...draft, at })} />
            {found.atFault && found.atFault !== "noTime" && <p className={css["doubt"]} role="alert">{texts().whenFaults[found.atFault]}</p>}
            <TextArea label={texts().note} value={draft.note} onText={(note) => setDraft({ ...draft, note })} maxLength={MOST_NOTE} rows={2} hint={texts().noteHint} />
          </Panel>
          {storing.error && <Failure error={storing.error} />}
          <StoreBar found={found} draft={draft} isStoring={storing.isPending} />
        </form>
      )}
    </>
  );
}
