/** A site, an area or a line: its parts as cards, the worst first, and its open alarms. */

import { useOpenAlarms } from "@/shared/alarms/feed";
import { countOf } from "@/shared/format/number";
import { useWant } from "@/shared/live/hooks";
import { byUrgency, worstFirst } from "@/shared/plant/condition";
import { useConditions, useSeed } from "@/shared/plant/queries";
import { isBelow, type Node, type Tree } from "@/shared/plant/tree";
import { AlarmStrip } from "@/shared/alarms/AlarmStrip";
import { PlantTrail } from "@/shared/ui/Breadcrumb";
import { levelText, Mark } from "@/shared/ui/Mark";
import { Note, PageHead, Panel } from "@/shared/ui/Page";
import css from "./BranchPage.module.css";
import { GroupCard } from "./GroupCard";
import { MachineCard } from "./MachineCard";

const KIND = { site: "Site", area: "Area", line: "Line", machine: "Machine" } as const;

export function BranchPage({ tree, node }: { tree: Tree; node: Node }) {
  useSeed(node.path);
  useWant(node.path, 2);
  const conditions = useConditions(tree);
  const own = conditions.get(node.path);
  const alarms = (useOpenAlarms().data ?? []).filter((a) => isBelow(a.sensor, node.path)).sort(byUrgency);
  const hint = own ? `${KIND[node.kind]} · ${own.running} of ${countOf(own.machines, "machine")} running` : KIND[node.kind];
  return (
    <>
      <PlantTrail tree={tree} path={node.path} />
      <PageHead title={node.name} hint={hint}
        mark={<Mark level={own?.level ?? "empty"} calling={Boolean(own?.unacknowledged)} size={32} label={levelText(own?.level ?? "empty")} />} />
      {alarms.length > 0 && (
        <div className={css["alarms"]}>
          <Panel title={countOf(alarms.length, "open alarm")}><AlarmStrip alarms={alarms.slice(0, 5)} tree={tree} under={node.path} more={alarms.length - 5} /></Panel>
        </div>
      )}
      {node.children.length === 0 && <Note>Nothing below {node.name} yet.</Note>}
      <ul className={css["cards"]}>
        {worstFirst(node.children, conditions).map((child) => (
          <li key={child.path}>
            {child.kind === "machine"
              ? <MachineCard machine={child} condition={conditions.get(child.path)} />
              : <GroupCard node={child} conditions={conditions} />}
          </li>
        ))}
      </ul>
    </>
  );
}
