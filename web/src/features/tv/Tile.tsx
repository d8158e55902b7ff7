/** One part on the board: its state as shape and word; of a line also how many machines run. */

import { valueText } from "@/shared/format/number";
import { qualityNow } from "@/shared/live/cells";
import { useCell, useNow } from "@/shared/live/hooks";
import type { Condition } from "@/shared/plant/condition";
import { texts as plantTexts } from "@/shared/plant/texts";
import { nameOf, parentOf, type Node, type Tree } from "@/shared/plant/tree";
import { levelText, Mark } from "@/shared/ui/Mark";
import css from "./TvPage.module.css";

interface Props {
  node: Node;
  tree: Tree;
  /** What the picture is about: names of what lies between are said. */
  under: string;
  condition: Condition | undefined;
}

export function Tile({ node, tree, under, condition }: Props) {
  const level = condition?.level ?? "empty";
  const parent = parentOf(node.path);
  const above = parent.length > under.length && tree.byPath.has(parent) ? nameOf(tree, parent) : "";
  return (
    <li className={css["tile"]} data-level={level}>
      <Mark level={level} calling={Boolean(condition?.unacknowledged)} size="calc(3.8 * var(--unit))" />
      <span className={css["what"]}>
        {above && <small>{above}</small>}
        <b>{node.name}</b>
        <small>{node.kind === "machine" ? <Says machine={node} level={levelText(level)} /> : condition && plantTexts().running(condition.running, condition.machines)}</small>
      </span>
    </li>
  );
}

/** What the machine itself says; and what is wrong, where that is another thing. */
function Says({ machine, level }: { machine: Node; level: string }) {
  const state = useCell(`${machine.path}/state`);
  const now = useNow(1000);
  return <>{state && qualityNow(state, now) !== "stale" ? valueText(state.value) : level}</>;
}
