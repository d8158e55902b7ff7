/** When Andon raises an alarm, and whom it tells. */

import { useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { ALERTING, RULES, useRules } from "@/shared/alerting/queries";
import { remove } from "@/shared/api/http";
import { useMay } from "@/shared/api/session";
import type { Rule } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { usePlant } from "@/shared/plant/queries";
import type { Tree } from "@/shared/plant/tree";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Confirm";
import { Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Loaded, Note, PageHead, Panel } from "@/shared/ui/Page";
import { Actions, Num, Table, Two } from "@/shared/ui/Table";
import { RuleDialog } from "./RuleDialog";
import css from "./RulesPage.module.css";
import { delayText, placeText, ruleText, sampleOf } from "./words";

type Open = { what: "edit"; rule?: Rule } | { what: "remove"; rule: Rule } | null;

export function RulesPage() {
  const rules = useRules();
  const plant = usePlant();
  const tree = plant.data;
  const client = useQueryClient();
  const mayEdit = useMay("engineer");
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  const own = rules.data?.filter((rule) => rule.system) ?? [];
  const table = (items: readonly Rule[], label: string): React.ReactNode => (
    <Loaded query={plant}>{(known) => <RuleTable rules={items} label={label} tree={known} {...(mayEdit && { onOpen: setOpen })} />}</Loaded>
  );
  return (
    <>
      <Trail here="Rules" />
      <PageHead title="Rules" hint="A rule raises an alarm when a sensor is in trouble.">
        {mayEdit && <Button look="main" disabled={!tree} onClick={() => setOpen({ what: "edit" })}><Plus size={18} aria-hidden />New rule</Button>}
      </PageHead>
      <Panel>
        <Loaded query={rules}>
          {(items) => items.every((rule) => rule.system)
            ? <Note>No rule watches the plant yet, so nothing of it raises an alarm. {mayEdit ? "Create one: “New rule” above." : "Ask an engineer to write one."}</Note>
            : table(items.filter((rule) => !rule.system), "Rules")}
        </Loaded>
      </Panel>
      {own.length > 0 && <Panel title="Andon itself">{table(own, "Rules that watch Andon itself")}</Panel>}
      {open?.what === "edit" && tree && <RuleDialog rule={open.rule} tree={tree} onClose={close} />}
      {open?.what === "remove" && (
        <Confirm title="Remove rule" verb="Remove rule" onClose={close}
          act={async () => { await remove(`${ALERTING}/rules/{rule_id}`, { rule_id: open.rule.id }); await client.invalidateQueries({ queryKey: RULES }); }}>
          “{open.rule.name}” no longer watches anything, and its open alarms are closed. Past alarms stay in the history.
        </Confirm>
      )}
    </>
  );
}

const HEAD = [{ text: "Severity", look: "none" as const }, "Rule", "Alarm when", "Tells", { text: "Sensors", look: "num" as const }];

function RuleTable({ rules, label, tree, onOpen }: { rules: readonly Rule[]; label: string; tree: Tree; onOpen?: (open: Open) => void }) {
  return (
    <Table head={onOpen ? [...HEAD, { text: "Actions", look: "none" }] : HEAD} label={label} cards>
      {rules.map((rule) => {
        const sample = sampleOf(tree, rule.scope);
        return (
          <tr key={rule.id}>
            <td className={css["level"]}><Mark level={rule.severity} size={22} /></td>
            <Two below={<Place rule={rule} tree={tree} />}>{rule.name}{rule.enabled === false && <span className={css["off"]}> (not in force)</span>}</Two>
            <Two below={delayText(rule, sample)}>{ruleText(rule, sample)}</Two>
            <td><span className={css["word"]}>Tells </span>{[...rule.channels, rule.policy].filter(Boolean).join(", ") || <span className={css["none"]}>nobody</span>}</td>
            <Num><span className={css["word"]}>Sensors: </span><Watches count={rule.watches} /></Num>
            {onOpen && (
              <Actions>
                <Button look="quiet" aria-label={`Change ${rule.name}`} title="Change" onClick={() => onOpen({ what: "edit", rule })}><Pencil size={18} /></Button>
                <Button look="quiet" aria-label={`Remove ${rule.name}`} title="Remove" onClick={() => onOpen({ what: "remove", rule })}><Trash2 size={18} /></Button>
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
  if (count === 0) return <span className={css["nothing"]} title="Its sensors do not exist (yet): check the spelling of its scope">none yet</span>;
  return <>{countText(count)}</>;
}
