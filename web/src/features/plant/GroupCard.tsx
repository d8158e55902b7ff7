/** An area or line as a card: its state, its numbers, a mark per machine. */

import { alarmText } from "@/shared/alarms/words";
import { countText } from "@/shared/format/number";
import type { Condition } from "@/shared/plant/condition";
import { worstFirst } from "@/shared/plant/condition";
import type { Node } from "@/shared/plant/tree";
import { levelText, Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import css from "./Card.module.css";

const machinesOf = (node: Node): Node[] => (node.kind === "machine" ? [node] : node.children.flatMap(machinesOf));

export function GroupCard({ node, conditions }: { node: Node; conditions: ReadonlyMap<string, Condition> }) {
  const own = conditions.get(node.path);
  const level = own?.level ?? "empty";
  return (
    <PlantLink path={node.path} className={css["card"]}>
      <span className={css["head"]}>
        <Mark level={level} calling={Boolean(own?.unacknowledged)} size={24} />
        <span className={css["name"]}>{node.name}<small>{own?.worstAlarm ? alarmText(own.worstAlarm) : levelText(level)}</small></span>
      </span>
      <span className={css["numbers"]}>
        <span><b>{countText(own?.running ?? 0)}</b> of {countText(own?.machines ?? 0)} running</span>
        <span className={own?.alarms ? "" : css["quiet"]}><b>{countText(own?.alarms ?? 0)}</b> {own?.alarms === 1 ? "alarm" : "alarms"}</span>
        <span className={own?.stale ? "" : css["quiet"]}><b>{countText(own?.stale ?? 0)}</b> stale</span>
      </span>
      <span className={css["marks"]} aria-hidden="true">
        {worstFirst(machinesOf(node), conditions).slice(0, 40).map((m) => (
          <Mark key={m.path} level={conditions.get(m.path)?.level ?? "empty"} size={15} label="" />
        ))}
      </span>
    </PlantLink>
  );
}
