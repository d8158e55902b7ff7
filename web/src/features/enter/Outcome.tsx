/** What became of an entry, and where one goes from here. */

import { Link } from "@tanstack/react-router";
import { Check, CloudOff } from "lucide-react";
import { timeText } from "@/shared/format/time";
import { Button } from "@/shared/ui/Button";
import { Panel } from "@/shared/ui/Page";
import { PlantLink } from "@/shared/ui/PlantLink";
import type { Node, Tree } from "@/shared/plant/tree";
import css from "./Enter.module.css";
import type { Waiting } from "./outbox";
import { placeIn, stops } from "./round";
import type { Outcome as How } from "./sending";
import { texts } from "./texts";
import { shown } from "./words";

export interface Done {
  entry: Waiting;
  outcome: How;
}

interface Props {
  done: Done;
  machine: Node;
  tree: Tree;
  round: string | undefined;
  onCorrect: () => void;
  onAnother: () => void;
}

export function Outcome({ done: { entry, outcome }, machine, tree, round, onCorrect, onAnother }: Props) {
  const t = texts();
  if (outcome === "refused") return null; // Told above, with the reason.
  const count = Object.keys(entry.values).length;
  const isStored = outcome === "stored";
  const after = round ? placeIn(stops(tree, round), machine.path).after : undefined;
  return (
    <Panel>
      <div role="status" className={css["done"]}>
        <p className={css["state"]}>{isStored ? <Check size={20} aria-hidden /> : <CloudOff size={20} aria-hidden />}<b>{(isStored ? t.stored : t.kept)(count, timeText(entry.ts))}</b></p>
        {isStored && (
          <ul className={css["values"]}>
            {machine.sensors.filter(({ key }) => key in entry.values).map((sensor) => (
              <li key={sensor.key}><PlantLink path={sensor.path}>{sensor.name || sensor.key}</PlantLink><b>{shown(entry.values[sensor.key], sensor)}</b></li>
            ))}
          </ul>
        )}
        {round && !after && <p className={css["hint"]}>{t.roundDone}</p>}
      </div>
      <div className={css["ways"]}>
        {after && <Link to="/enter" search={{ machine: after.path, round }} className={`${css["way"]} ${css["main"]}`}>{t.next}</Link>}
        {!after && <Button onClick={onAnother}>{t.another}</Button>}
        {isStored && <Button look="quiet" onClick={onCorrect}>{t.correct}</Button>}
      </div>
      {isStored && <p className={css["hint"]}>{t.correctHint}</p>}
    </Panel>
  );
}
