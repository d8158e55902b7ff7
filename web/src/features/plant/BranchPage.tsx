/** A site, an area or a line: its open alarms, its machines, and its parts, the worst first. */

import { Link } from "@tanstack/react-router";
import { ChartSpline, Tv } from "lucide-react";
import { AlarmStrip } from "@/shared/alarms/AlarmStrip";
import { useOpenAlarms } from "@/shared/alarms/feed";
import { useWant } from "@/shared/live/hooks";
import { byUrgency, worstFirst, type Condition } from "@/shared/plant/condition";
import { figuresOfLine } from "@/shared/plant/figures";
import { Freshness } from "@/shared/plant/Freshness";
import { useConditions, useSeed, useTypes, type MachineType } from "@/shared/plant/queries";
import { texts as plantTexts } from "@/shared/plant/texts";
import { isBelow, machinesOf, type Node, type Tree } from "@/shared/plant/tree";
import { PlantTrail } from "@/shared/ui/Breadcrumb";
import { levelText, Mark } from "@/shared/ui/Mark";
import { Doing, Note, PageHead, Panel } from "@/shared/ui/Page";
import css from "./BranchPage.module.css";
import { GroupCard } from "./GroupCard";
import { MachineRows } from "./MachineRows";
import { texts } from "./texts";

/** More alarms are worked off in their list. */
const MOST_ALARMS = 5;
/** Of a part with more machines one picture a second is enough. */
const MANY = 200;

export function BranchPage({ tree, node }: { tree: Tree; node: Node }) {
  useSeed(node.path);
  useWant(node.path, machinesOf(node).length > MANY ? 1 : 2);
  const conditions = useConditions(tree);
  const types = useTypes();
  const alarms = (useOpenAlarms().data ?? []).filter((a) => isBelow(a.sensor, node.path)).sort(byUrgency);
  const children = worstFirst(node.children, conditions);
  const machines = children.filter(({ kind }) => kind === "machine");
  const groups = children.filter(({ kind }) => kind !== "machine");
  return (
    <>
      <PlantTrail tree={tree} path={node.path} />
      <Head node={node} conditions={conditions} types={types} />
      {alarms.length > 0 && (
        <div className={css["part"]}>
          <Panel title={texts().openAlarms(alarms.length)}>
            <AlarmStrip alarms={alarms.slice(0, MOST_ALARMS)} tree={tree} under={node.path} more={alarms.length - MOST_ALARMS} />
          </Panel>
        </div>
      )}
      {children.length === 0 && <Panel><Note>{texts().nothingBelow(node.name)}</Note></Panel>}
      {machines.length > 0 && <div className={css["part"]}><Panel><MachineRows machines={machines} conditions={conditions} types={types} /></Panel></div>}
      {groups.length > 0 && (
        <ul className={css["cards"]} aria-label={texts().parts}>
          {groups.map((child) => <li key={child.path}><GroupCard node={child} conditions={conditions} types={types} /></li>)}
        </ul>
      )}
    </>
  );
}

/** As many lines as are told apart at a glance. */
const COMPARED = 6;

function Head({ node, conditions, types }: { node: Node; conditions: ReadonlyMap<string, Condition>; types: ReadonlyMap<string, MachineType> }) {
  const condition = conditions.get(node.path);
  const kind = plantTexts().kinds[node.kind];
  const level = condition?.level ?? "empty";
  const sensor = figuresOfLine(node, conditions, types, COMPARED).map((figure) => figure.sensor.path);
  return (
    <PageHead title={node.name} mark={<Mark level={level} calling={Boolean(condition?.unacknowledged)} size={32} label={levelText(level)} />}
      hint={<>{condition ? texts().hint(kind, plantTexts().running(condition.running, condition.machines)) : kind} · <Freshness node={node} /></>}>
      <Doing>
        {sensor.length > 0 && <Link to="/compare" search={{ sensor }} className={css["way"]}><ChartSpline size={18} aria-hidden /> {texts().compare}</Link>}
        <Link to="/tv" search={{ under: node.path }} className={css["way"]}><Tv size={18} aria-hidden /> {texts().board}</Link>
      </Doing>
    </PageHead>
  );
}
