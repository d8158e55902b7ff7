/** What would have come of the rule that is being written, beside the rule in force: drawn, counted, and how it would do better. */

import { useState } from "react";
import { serverNow } from "@/shared/clock";
import type { Backtest, Rule, RuleDraft, Scope, Sensor, SensorBacktest } from "@/shared/api/types";
import { durationMs } from "@/shared/format/time";
import { nameOf, parentOf, type Tree } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { ComboField } from "@/shared/ui/ComboField";
import { Failure, Note, Panel } from "@/shared/ui/Page";
import { draftOf, fieldsOf, type Fields } from "../fields";
import { watchedBy } from "../words";
import { AllSensors } from "./AllSensors";
import { judged, keyOf } from "./judged";
import { Outcome } from "./Outcome";
import css from "./Past.module.css";
import { texts } from "./texts";
import { usePast, type Stretch } from "./usePast";

interface Props {
  tree: Tree;
  /** Undefined while something is missing. */
  draft: RuleDraft | undefined;
  scope: Scope;
  /** The rule as it is in force; undefined for a new one. */
  present: Rule | undefined;
  onAdvice: (more: Partial<Fields>) => void;
}

const RANGES = ["24h", "7d", "30d"] as const;
type Range = (typeof RANGES)[number];
const MINUTE = 60_000;

const upToNow = (range: Range): { range: Range; end: number } => ({ range, end: Math.ceil(serverNow()) });

export function PastPanel({ tree, draft, scope, present, onAdvice }: Props) {
  const say = texts();
  // The end stays, so that one way of writing is held against another on the same past; who presses a range again has it up to now.
  const [{ range, end }, setPast] = useState(() => upToNow("7d"));
  const [chosen, setChosen] = useState("");
  const watched = watchedBy(tree, scope);
  const sensor = watched.find(({ path }) => path === chosen) ?? watched[0];
  const stretch = { from: end - durationMs(range), to: end };
  return (
    <Panel title={say.title} actions={(
      <div className={css["ranges"]} role="group" aria-label={say.range}>
        {RANGES.map((one) => <Button key={one} look="quiet" aria-pressed={one === range} onClick={() => setPast(upToNow(one))}>{say.ranges[one]}</Button>)}
      </div>
    )}>
      {watched.length > 1 && <ComboField label={say.sensor} value={sensor?.path ?? ""} onPick={setChosen} choices={watched.map(({ path }) => ({ value: path, text: nameOf(tree, parentOf(path)), place: parentOf(path) }))} />}
      {sensor ? <Judged key={sensor.path} {...{ tree, draft, present, onAdvice, sensor, stretch }} /> : <Note>{say.noSensor}</Note>}
      {draft && watched.length > 1 && <AllSensors tree={tree} draft={draft} count={watched.length} stretch={stretch} onLook={setChosen} />}
    </Panel>
  );
}

interface JudgedProps extends Omit<Props, "scope"> {
  sensor: Sensor;
  stretch: Stretch;
}

function Judged({ tree, draft, present, onAdvice, sensor, stretch }: JudgedProps) {
  const say = texts();
  const written = draft && judged(draft, sensor.path);
  const watchesIt = present && watchedBy(tree, present.scope).some(({ path }) => path === sensor.path);
  const inForce = watchesIt ? judged(draftOf(fieldsOf(present), sensor.datatype), sensor.path) : undefined;
  const past = usePast(written, stretch);
  const before = usePast(inForce, stretch);
  const isSame = written !== undefined && inForce !== undefined && keyOf(written) === keyOf(inForce);
  // What was found of another stretch stays in no chart of this one.
  const outcomeOf = (data: Backtest | undefined): SensorBacktest | undefined =>
    data && Math.abs(Date.parse(data.from) - stretch.from) < MINUTE ? data.sensors.find((one) => one.sensor === sensor.path) : undefined;
  const [found, was] = [outcomeOf(past.data), outcomeOf(before.data)];
  return (
    <>
      <Outcome key={stretch.from} sensor={sensor} stretch={stretch} found={found} was={was} isSame={isSame} written={written?.condition} inForce={inForce?.condition} onAdvice={onAdvice} />
      <p className={css["soft"]} role="status">{!draft ? say.later : past.isFetching || past.isSettling ? say.judging : say.nobody}</p>
      {past.error && draft && <Failure error={past.error} retry={() => void past.refetch()} />}
    </>
  );
}
