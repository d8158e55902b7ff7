/** Alarms that nobody sees, the longest hidden first, each with the way to where it is shown again. */

import { Link } from "@tanstack/react-router";
import type { Kpis } from "@/shared/api/types";
import { stateName } from "@/shared/alarms/words";
import { usePlant } from "@/shared/plant/queries";
import { nameOf } from "@/shared/plant/tree";
import { Note } from "@/shared/ui/Page";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Num, Table, Two } from "@/shared/ui/Table";
import { secondsText } from "./figures";
import { texts } from "./texts";

type Hidden = Kpis["hidden_longest"][number];

const TAB = { shelved: "shelved", suppressed: "suppressed", "out-of-service": "out-of-service" } as const;
const tabOf = (state: Hidden["state"]): (typeof TAB)[keyof typeof TAB] | "all" => (TAB as Partial<Record<Hidden["state"], (typeof TAB)[keyof typeof TAB]>>)[state] ?? "all";

export function HiddenTable({ hidden }: { hidden: readonly Hidden[] }) {
  const tree = usePlant().data;
  const { heads, hiddenTitle, noneHidden } = texts();
  if (hidden.length === 0) return <Note>{noneHidden}</Note>;
  return (
    <Table head={[heads.rule, heads.state, { text: heads.since, look: "num" }, { text: heads.show, look: "none" }]} label={hiddenTitle} cards>
      {hidden.map((one) => (
        <tr key={`${one.rule} ${one.sensor}`}>
          <Two below={<PlantLink path={one.sensor}>{one.asset_name} › {nameOf(tree, one.sensor)}</PlantLink>}>{one.rule_name}</Two>
          <td>{stateName(one.state)}</td>
          <Num>{secondsText(one.seconds)}</Num>
          <td><Link to="/alarms" search={{ tab: tabOf(one.state), rule: one.rule, under: one.sensor }}>{heads.show}</Link></td>
        </tr>
      ))}
    </Table>
  );
}
