/** Which rules on which sensors ask most, and what to do about each. */

import type { Offender } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { usePlant } from "@/shared/plant/queries";
import { nameOf } from "@/shared/plant/tree";
import { Note } from "@/shared/ui/Page";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Num, Table, Two } from "@/shared/ui/Table";
import { secondsText } from "./figures";
import css from "./KpisPage.module.css";

const HEAD = [
  "Rule and sensor", { text: "Times", look: "num" as const }, { text: "Share", look: "num" as const }, "Nature", { text: "Active", look: "num" as const },
  { text: "What to do", look: "wide" as const },
];

export function OffenderTable({ offenders }: { offenders: readonly Offender[] }) {
  const tree = usePlant().data;
  if (offenders.length === 0) return <Note>Nothing was annunciated in this range.</Note>;
  return (
    <Table head={HEAD} label="Top offenders" cards>
      {offenders.map((one) => (
        <tr key={`${one.rule} ${one.sensor}`}>
          <Two below={<PlantLink path={one.sensor}>{one.asset_name} › {nameOf(tree, one.sensor)}</PlantLink>}>{one.rule_name}</Two>
          <Num>{countText(one.count)}</Num>
          <Num>{one.share.toFixed(1)} %</Num>
          <td className={css["nature"]}>{natureOf(one)}</td>
          <Num>{secondsText(one.median_active)}</Num>
          <td className={css["advice"]}>{one.suggestion || "–"}</td>
        </tr>
      ))}
    </Table>
  );
}

const natureOf = ({ chatter, fleeting, stale_seconds: stale, unanswered }: Offender): string =>
  [chatter > 0 && `${chatter} chattering`, fleeting > 0 && `${fleeting} fleeting`, stale > 0 && `stale for ${secondsText(stale)}`, unanswered > 0 && `${unanswered} unanswered`]
    .filter(Boolean).join(", ") || "–";
