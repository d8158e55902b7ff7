/** Which alarm comes right after which: where one is the other's consequence, it may be suppressed by it. */

import { Link } from "@tanstack/react-router";
import type { Kpis, Watch } from "@/shared/api/types";
import { countText, valueText } from "@/shared/format/number";
import { usePlant } from "@/shared/plant/queries";
import { nameOf } from "@/shared/plant/tree";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Num, Table, Two } from "@/shared/ui/Table";
import css from "./KpisPage.module.css";
import { texts } from "./texts";

export function PairTable({ pairs }: { pairs: Kpis["pairs"] }) {
  const { heads, pairsTitle, pairsHint, editRule } = texts();
  return (
    <>
      <p className={css["soft"]}>{pairsHint}</p>
      <Table head={[heads.leader, heads.follower, { text: heads.within, look: "num" }, { text: heads.ofLeader, look: "num" }, { text: heads.advice, look: "none" }]} label={pairsTitle} cards>
        {pairs.map(({ leader, follower, count, share }) => (
          <tr key={`${leader.rule} ${leader.sensor} ${follower.rule} ${follower.sensor}`}>
            <Named watch={leader} />
            <Named watch={follower} />
            <Num>{countText(count)}</Num>
            <Num>{valueText(share, 1)} %</Num>
            <td><Link to="/rules" search={{ edit: follower.rule } as never}>{editRule}</Link></td>
          </tr>
        ))}
      </Table>
    </>
  );
}

function Named({ watch }: { watch: Watch }) {
  const tree = usePlant().data;
  return <Two below={<PlantLink path={watch.sensor}>{watch.asset_name} › {nameOf(tree, watch.sensor)}</PlantLink>}>{watch.rule_name}</Two>;
}
