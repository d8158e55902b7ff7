/** When Andon raises an alarm, and whom it tells. */

import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useRules } from "@/shared/alerting/queries";
import { useMay } from "@/shared/api/session";
import type { Rule } from "@/shared/api/types";
import { usePlant } from "@/shared/plant/queries";
import type { Tree } from "@/shared/plant/tree";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { Loaded, Note, PageHead, Panel } from "@/shared/ui/Page";
import { EditRoute } from "./edit/EditRoute";
import { wanted } from "./filter";
import { RemoveRule } from "./RemoveRule";
import { RuleFilter } from "./RuleFilter";
import { RuleTable } from "./RuleTable";
import css from "./RulesPage.module.css";
import { texts } from "./texts";
import { addressOf, narrowings, NEW, readFilter, viewOf, type RulesView } from "./view";

interface Props {
  view: object;
  onView: (view: object) => void;
}

export function RulesPage({ view: address, onView }: Props) {
  const view = viewOf(address);
  const show = (changed: RulesView): void => onView(addressOf(changed));
  const mayEdit = useMay("engineer");
  if (view.edit && mayEdit) return <EditRoute view={view} onView={show} />;
  // Who may not change a rule sees which one is meant.
  const meant = view.edit && view.edit !== NEW ? view.edit : view.rule;
  return <List view={{ ...view, rule: meant }} onView={show} mayEdit={mayEdit} />;
}

interface ListProps {
  view: RulesView;
  onView: (view: RulesView) => void;
  mayEdit: boolean;
}

function List({ view, onView, mayEdit }: ListProps) {
  const say = texts();
  const rules = useRules();
  const plant = usePlant();
  const navigate = useNavigate();
  const filter = readFilter(view);
  const open = (more: RulesView): void => void navigate({ to: "/rules", search: { ...filter, ...more } as never });
  return (
    <>
      <Trail here={say.title} />
      <PageHead title={say.title} hint={say.hint}>
        {mayEdit && <Button look="main" disabled={!plant.data} onClick={() => open({ edit: NEW })}><Plus size={18} aria-hidden />{say.make}</Button>}
      </PageHead>
      {rules.data && rules.data.some((rule) => !rule.system) && <RuleFilter filter={filter} onFilter={onView} />}
      <Loaded query={plant}>{(tree) => <Loaded query={rules}>{(all) => <Found all={all} tree={tree} filter={filter} mayEdit={mayEdit} onOpen={open} />}</Loaded>}</Loaded>
    </>
  );
}

interface FoundProps {
  all: readonly Rule[];
  tree: Tree;
  filter: RulesView;
  mayEdit: boolean;
  onOpen: (more: RulesView) => void;
}

/** So many rows are drawn at once; the others when somebody asks for them. */
const MOST = 100;

function Found({ all, tree, filter, mayEdit, onOpen }: FoundProps) {
  const say = texts();
  const [removing, setRemoving] = useState<Rule>();
  const [whole, setWhole] = useState(false);
  const own = all.filter((rule) => !rule.system);
  const [found, platform] = [wanted(own, filter, tree), wanted(all.filter((rule) => rule.system), filter, tree)];
  const table = (rules: readonly Rule[], label: string): React.ReactNode => <RuleTable rules={rules} label={label} tree={tree} {...(mayEdit && { onOpen, onRemove: setRemoving })} />;
  const shown = whole ? found : found.slice(0, MOST);
  return (
    <>
      {own.length === 0 && <Panel><Note>{say.none} {mayEdit ? say.createOne : say.askOne}</Note></Panel>}
      {own.length > 0 && (
        <Panel>
          <p className={css["counted"]} role="status">{say.counted(found.length, own.length)}</p>
          {found.length === 0 ? <Note>{say.noMatch}</Note> : table(shown, say.title)}
          {shown.length < found.length && <Button onClick={() => setWhole(true)}>{say.showAll(found.length)}</Button>}
        </Panel>
      )}
      {platform.length > 0 && (narrowings(filter) === 0 || filter.q || filter.rule) && <Panel title={say.platform}>{table(platform, say.platformLabel)}</Panel>}
      {removing && <RemoveRule rule={removing} onClose={() => setRemoving(undefined)} />}
    </>
  );
}
