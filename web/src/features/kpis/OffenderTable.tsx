/** Which rules on which sensors ask most, what to do about each, and the way there. */

import { Link } from "@tanstack/react-router";
import { useRules } from "@/shared/alerting/queries";
import type { Offender, Rule } from "@/shared/api/types";
import { countText, valueText } from "@/shared/format/number";
import { usePlant } from "@/shared/plant/queries";
import { nameOf } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Note } from "@/shared/ui/Page";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Num, Table, Two } from "@/shared/ui/Table";
import { adviceText, changeOf, delayText, lengthened } from "./advice";
import { isOf, NATURES, secondsText, USUAL_RANGE, type KpiView } from "./figures";
import css from "./KpisPage.module.css";
import { texts } from "./texts";

interface Props {
  offenders: readonly Offender[];
  view: KpiView;
  onNature: (nature: KpiView["nature"]) => void;
}

export function OffenderTable({ offenders, view, onNature }: Props) {
  const tree = usePlant().data;
  const rules = useRules().data ?? [];
  const say = texts();
  const { heads } = say;
  const shown = offenders.filter((one) => isOf(view.nature, one));
  const head = [
    heads.rule, { text: heads.times, look: "num" as const }, { text: heads.share, look: "num" as const }, heads.nature, { text: heads.active, look: "num" as const }, { text: heads.advice, look: "wide" as const },
  ];
  if (offenders.length === 0) return <Note>{say.nothing}</Note>;
  return (
    <>
      <div className={css["natures"]} role="group" aria-label={say.naturesLabel}>
        {[undefined, ...NATURES].map((nature) => <Button key={nature ?? "all"} aria-pressed={view.nature === nature} onClick={() => onNature(nature)}>{say.natures[nature ?? "all"]}</Button>)}
      </div>
      {shown.length === 0 ? <Note>{say.noneOfNature}</Note> : (
        <Table head={head} label={say.offenders} cards>
          {shown.map((one) => (
            <tr key={`${one.rule} ${one.sensor}`}>
              <Two below={<PlantLink path={one.sensor}>{one.asset_name} › {nameOf(tree, one.sensor)}</PlantLink>}>{one.rule_name}</Two>
              <Num><Tag>{heads.times}</Tag>{countText(one.count)}</Num>
              <Num><Tag>{heads.share}</Tag>{valueText(one.share, 1)} %</Num>
              <td className={css["nature"]}>{natureOf(one)}</td>
              <Num><Tag>{heads.active}</Tag>{secondsText(one.median_active)}</Num>
              <td className={css["advice"]}><Advice offender={one} rule={rules.find(({ id }) => id === one.rule)} range={view.range ?? USUAL_RANGE} /></td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}

const Tag = ({ children }: { children: string }) => <small className={css["tag"]}>{children} </small>;

/** What to change, with the rule opened at the suggested value, and its alarms to look at first. */
function Advice({ offender: { suggestion, rule: id, sensor }, rule, range }: { offender: Offender; rule: Rule | undefined; range: string }) {
  const say = texts();
  const change = changeOf(suggestion);
  const value = rule && change && lengthened(rule[change.field], change);
  return (
    <>
      {suggestion && <p>{adviceText(suggestion)}</p>}
      <p className={css["ways"]}>
        {rule && <Link to="/rules" search={{ edit: id, ...(change && { [change.field]: value }) } as never}>{change && value ? say.withDelay(change.field, delayText(value)) : say.editRule}</Link>}
        <Link to="/alarms" search={{ tab: "all", rule: id, under: sensor, from: range }}>{say.showAlarms}</Link>
      </p>
    </>
  );
}

function natureOf({ chatter, fleeting, stale_seconds: stale, unanswered }: Offender): string {
  const say = texts();
  return [chatter > 0 && say.chattering(chatter), fleeting > 0 && say.fleeting(fleeting), stale > 0 && say.stale(secondsText(stale)), unanswered > 0 && say.unanswered(unanswered)]
    .filter(Boolean).join(", ") || "–";
}
