/** One line: how it is doing in words, a mark per machine, a few values; folded, nothing but its row while all is as usual. */

import { memo } from "react";
import { alarmText } from "@/shared/alarms/words";
import { countText } from "@/shared/format/number";
import { worstFirst, type Condition } from "@/shared/plant/condition";
import { figuresOfLine } from "@/shared/plant/figures";
import { FigureRow } from "@/shared/plant/FigureRow";
import { Freshness } from "@/shared/plant/Freshness";
import type { MachineType } from "@/shared/plant/queries";
import { texts as plantTexts } from "@/shared/plant/texts";
import type { Node } from "@/shared/plant/tree";
import { useFollow } from "@/shared/ui/useFollow";
import { useSeen } from "@/shared/ui/useSeen";
import { levelText, Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import { isCalm } from "./fold";
import css from "./LineTile.module.css";
import { texts } from "./texts";

interface Props {
  line: Node;
  conditions: ReadonlyMap<string, Condition>;
  types: ReadonlyMap<string, MachineType>;
  /** Shown whole. */
  whole: boolean;
}

function sentence(condition: Condition | undefined): string {
  const { noMachines, inFault, silentOf, running: runningOf, isRunning } = plantTexts();
  if (!condition || condition.machines === 0) return noMachines;
  const { level, worstAlarm, machines, running, stopped, stale } = condition;
  if (level === "fault") return inFault;
  if (worstAlarm && level !== "stale") return alarmText(worstAlarm);
  if (level === "stale") return silentOf(stale, machines);
  if (stopped) return running ? runningOf(running, machines) : levelText("stopped");
  return running ? isRunning : levelText(level);
}

/** Only what has changed is drawn anew, once a second, however many lines there are. */
export const LineTile = memo(Tile, (a, b) => a.line === b.line && a.types === b.types && a.whole === b.whole
  && [a.line, ...a.line.children].every(({ path }) => a.conditions.get(path) === b.conditions.get(path)));

function Tile({ line, conditions, types, whole }: Props) {
  const own = conditions.get(line.path);
  return (
    <div className={css["tile"]} data-level={own?.level ?? "empty"} data-whole={whole}>
      <PlantLink path={line.path} className={css["name"]}>
        <Mark level={own?.level ?? "empty"} calling={Boolean(own?.unacknowledged)} size={18} />
        <span className={css["text"]}><span>{line.name}</span><small>{sentence(own)}</small></span>
        <Counts condition={own} />
      </PlantLink>
      <Machines line={line} conditions={conditions} whole={whole} />
      {whole && <Values line={line} conditions={conditions} types={types} />}
    </div>
  );
}

function Counts({ condition }: { condition: Condition | undefined }) {
  if (!condition) return null;
  const { alarms, unacknowledged, running, machines } = condition;
  return (
    <span className={css["counts"]}>
      <span title={plantTexts().running(running, machines)}><b>{countText(running)}</b>/{countText(machines)}</span>
      {alarms > 0 && <small>{plantTexts().alarms(alarms)}{unacknowledged > 0 && <>, <b>{plantTexts().fresh(unacknowledged)}</b></>}</small>}
    </span>
  );
}

function Machines({ line, conditions, whole }: Pick<Props, "line" | "conditions" | "whole">) {
  const follow = useFollow();
  const all = worstFirst(line.children.filter((n) => n.kind === "machine"), conditions);
  const machines = whole ? all : all.filter(({ path }) => !isCalm(conditions.get(path)));
  if (machines.length === 0) return null;
  return (
    <ul className={css["machines"]} onClick={follow} aria-label={texts().machinesOf(line.name)}>
      {machines.map((machine) => {
        const condition = conditions.get(machine.path);
        const state = condition?.level ?? "empty";
        const text = texts().isHow(machine.name, levelText(state));
        return (
          <li key={machine.path}>
            <a href={`/plant/${machine.path}`} className={css["machine"]} title={text}>
              <Mark level={state} calling={Boolean(condition?.unacknowledged)} size={20} label={text} />
            </a>
          </li>
        );
      })}
    </ul>
  );
}

/** What is as usual takes less room. */
const [CALM, TROUBLED] = [2, 3];

/** Values are drawn, and their history asked for, where somebody looks. */
function Values({ line, conditions, types }: Pick<Props, "line" | "conditions" | "types">) {
  const [ref, isSeen] = useSeen<HTMLDivElement>();
  const figures = figuresOfLine(line, conditions, types, isCalm(conditions.get(line.path)) ? CALM : TROUBLED);
  return (
    <div ref={ref} className={css["values"]} data-rows={figures.length}>
      {isSeen && figures.map(({ machine, sensor }) => <FigureRow key={sensor.path} sensor={sensor} of={machine.name} />)}
      <p className={css["foot"]}>{isSeen && <Freshness node={line} />}</p>
    </div>
  );
}
