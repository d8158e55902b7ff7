/** Which machine: by name, among those of lately, by its label, or all of a line in a row. */

import { Link } from "@tanstack/react-router";
import { ChevronRight, ScanLine, Tags } from "lucide-react";
import { useMemo, useState } from "react";
import { texts as plantTexts } from "@/shared/plant/texts";
import { trail, type Node, type Tree } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { ComboField } from "@/shared/ui/ComboField";
import { Note, Panel } from "@/shared/ui/Page";
import css from "./Enter.module.css";
import { knownMachines } from "./machines";
import { enterable, machineOf, roundsOf } from "./round";
import { ScanDialog } from "./ScanDialog";
import { texts } from "./texts";
import type { EnterView } from "./view";

const MOST_RECENT = 5;

const placeOf = (tree: Tree, { path }: Node): string => trail(tree, path).slice(0, -1).map((n) => n.name || n.slug).join(" › ");

export function Chooser({ tree, onView }: { tree: Tree; onView: (view: EnterView) => void }) {
  const t = texts();
  const [isScanning, setScanning] = useState(false);
  const machines = tree.machines.filter((machine) => enterable(machine).length > 0);
  const recent = knownMachines().flatMap(({ path }) => machineOf(tree, path) ?? []).slice(0, MOST_RECENT);
  if (machines.length === 0) return <Panel><Note>{t.noMachines}</Note></Panel>;
  return (
    <>
      <Panel>
        <ComboField label={t.machine} value="" placeholder={t.chooseMachine} onPick={(machine) => onView({ machine })}
          choices={machines.map((machine) => ({ value: machine.path, text: machine.name || machine.slug, place: placeOf(tree, machine) }))} />
        <div className={css["ways"]}>
          <Button onClick={() => setScanning(true)}><ScanLine size={18} aria-hidden />{t.scan}</Button>
          <Link to="/labels" className={css["way"]}><Tags size={18} aria-hidden />{t.labels}</Link>
        </div>
      </Panel>
      {recent.length > 0 && (
        <Panel title={t.recent}>
          <ul className={css["list"]}>
            {recent.map((machine) => (
              <li key={machine.path}>
                <Link to="/enter" search={{ machine: machine.path }} className={css["line"]}><span>{machine.name || machine.slug}<small>{placeOf(tree, machine)}</small></span><ChevronRight size={18} aria-hidden /></Link>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Rounds tree={tree} onView={onView} />
      {isScanning && <ScanDialog onFound={(machine) => { setScanning(false); onView({ machine }); }} onClose={() => setScanning(false)} />}
    </>
  );
}

/** More lines than these are found by their name. */
const MOST_LISTED = 6;

function Rounds({ tree, onView }: { tree: Tree; onView: (view: EnterView) => void }) {
  const t = texts();
  const lines = useMemo(() => roundsOf(tree), [tree]);
  if (lines.length === 0) return null;
  const shown = lines.slice(0, MOST_LISTED);
  return (
    <Panel title={t.rounds}>
      {lines.length > MOST_LISTED && (
        <ComboField label={t.round} value="" placeholder={t.chooseRound} onPick={(round) => onView({ round })}
          choices={lines.map(({ line }) => ({ value: line.path, text: line.name || line.slug, place: placeOf(tree, line) }))} />
      )}
      <ul className={css["list"]}>
        {shown.map(({ line, count }) => (
          <li key={line.path}>
            <Link to="/enter" search={{ round: line.path }} className={css["line"]}><span>{line.name || line.slug}<small>{placeOf(tree, line)} · {plantTexts().machines(count)}</small></span><ChevronRight size={18} aria-hidden /></Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
