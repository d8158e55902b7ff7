/** Rules as a table; on a phone each is a card. */

import { Pencil } from "lucide-react";
import type { Rule } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import type { Tree } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Actions, Num, Table, Two } from "@/shared/ui/Table";
import { RuleMenu } from "./RuleMenu";
import css from "./RulesPage.module.css";
import { texts } from "./texts";
import type { RulesView } from "./view";
import { delayText, placeText, ruleText, sampleOf } from "./words";

interface Props {
  rules: readonly Rule[];
  label: string;
  tree: Tree;
  /** Where rules may be changed. */
  onOpen?: (view: RulesView) => void;
  onRemove?: (rule: Rule) => void;
}

export function RuleTable({ rules, label, tree, onOpen, onRemove }: Props) {
  const { heads, notInForce, change, tells, nobody, sensors } = texts();
  const head = [{ text: heads.severity, look: "none" as const }, heads.rule, heads.when, heads.tells, { text: heads.sensors, look: "num" as const }, ...(onOpen ? [{ text: heads.actions, look: "none" as const }] : [])];
  return (
    <Table head={head} label={label} cards>
      {rules.map((rule) => {
        const sample = sampleOf(tree, rule.scope);
        const isOff = rule.enabled === false;
        return (
          <tr key={rule.id} data-off={isOff || undefined} className={css["rule"]}>
            <td className={css["level"]}><Mark level={rule.severity} size={22} /></td>
            <Two below={<Place rule={rule} tree={tree} />}>{rule.name}{isOff && <span className={css["off"]}> ({notInForce})</span>}</Two>
            <Two below={delayText(rule, sample)}>{ruleText(rule, sample)}</Two>
            <td><span className={css["word"]}>{tells} </span>{[...rule.channels, rule.policy].filter(Boolean).join(", ") || <span className={css["none"]}>{nobody}</span>}</td>
            <Num><span className={css["word"]}>{sensors} </span><Watches count={rule.watches} /></Num>
            {onOpen && onRemove && (
              <Actions>
                <Button look="quiet" aria-label={change(rule.name)} title={change(rule.name)} onClick={() => onOpen({ edit: rule.id })}><Pencil size={18} /></Button>
                <RuleMenu rule={rule} onOpen={onOpen} onRemove={() => onRemove(rule)} />
              </Actions>
            )}
          </tr>
        );
      })}
    </Table>
  );
}

const Place = ({ rule, tree }: { rule: Rule; tree: Tree }) => {
  const text = placeText(tree, rule.scope);
  return rule.scope.sensor.includes("/") ? <PlantLink path={rule.scope.sensor}>{text}</PlantLink> : <>{text}</>;
};

function Watches({ count }: { count: number | null | undefined }) {
  if (count === null || count === undefined) return <>–</>;
  if (count === 0) return <span className={css["nothing"]} title={texts().noneYetHint}>{texts().noneYet}</span>;
  return <>{countText(count)}</>;
}
