/** Readings entered by hand: what used to be on paper. Made for a phone in one hand. */

import { useState } from "react";
import { usePlant } from "@/shared/plant/queries";
import { growTree, nameOf, type Tree } from "@/shared/plant/tree";
import { Allowed } from "@/shared/ui/Allowed";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Failure, Note, PageHead, Panel } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";
import { Chooser } from "./Chooser";
import css from "./Enter.module.css";
import { MachineEntry } from "./MachineEntry";
import { knownMachines } from "./machines";
import type { Waiting } from "./outbox";
import { machineOf, stops } from "./round";
import { texts } from "./texts";
import type { EnterView } from "./view";
import { WaitingPanel } from "./WaitingPanel";

interface Props {
  view: EnterView;
  onView: (view: EnterView) => void;
}

export function EnterPage({ view, onView }: Props) {
  const { title } = texts();
  return (
    <Allowed role="operator" title={title}>
      <div className={css["page"]}>
        <Trail here={title} />
        <Entering view={view} onView={onView} />
      </div>
    </Allowed>
  );
}

/** The plant; without a network the machines that this browser knows of. */
function useMachines(): { tree: Tree | undefined; isKept: boolean; error: unknown; again: () => unknown } {
  const plant = usePlant();
  const isAway = !plant.data && (plant.fetchStatus === "paused" || Boolean(plant.error));
  const [kept] = useState(() => growTree(knownMachines()));
  const isKept = isAway && kept.machines.length > 0;
  return { tree: plant.data ?? (isKept ? kept : undefined), isKept, error: plant.error, again: plant.refetch };
}

function Entering({ view, onView }: Props) {
  const { tree, isKept, error, again } = useMachines();
  const [mending, setMending] = useState<Waiting>();
  /** Each mending is a form of its own, which stands after it is done. */
  const [form, setForm] = useState(0);
  const mend = (one: Waiting): void => { setMending(one); setForm(form + 1); onView({ machine: one.asset }); };
  if (!tree) return error ? <Failure error={error} retry={() => void again()} /> : <Note>{words().loading}</Note>;
  const wanted = view.machine ?? (view.round ? stops(tree, view.round)[0]?.path : undefined);
  const machine = wanted ? machineOf(tree, wanted) : undefined;
  const own = mending?.asset === machine?.path ? mending : undefined;
  return (
    <>
      {!machine && <PageHead title={view.round ? texts().roundOf(nameOf(tree, view.round)) : texts().title} hint={texts().hint} />}
      {isKept && <p className={css["hint"]} role="status">{texts().fromKept}</p>}
      <WaitingPanel onMend={mend} />
      {wanted && !machine && <Panel><Note>{texts().unknown(wanted)}</Note></Panel>}
      {machine
        ? <MachineEntry key={`${machine.path} ${form}`} tree={tree} machine={machine} round={view.round} mending={own} onMended={() => setMending(undefined)} onView={onView} />
        : <Chooser tree={tree} onView={onView} />}
    </>
  );
}
