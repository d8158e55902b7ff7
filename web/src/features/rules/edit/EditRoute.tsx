/** The rule that the address names, opened to be written: a new one, a copy, or one in force. */

import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useRules } from "@/shared/alerting/queries";
import type { Rule } from "@/shared/api/types";
import { usePlant } from "@/shared/plant/queries";
import type { Tree } from "@/shared/plant/tree";
import { Loaded, Note } from "@/shared/ui/Page";
import { withWritten, writtenOf } from "../address";
import { BLANK, fieldsOf, type Fields } from "../fields";
import { texts } from "../texts";
import { NEW, readFilter, type RulesView } from "../view";
import { RuleEditor } from "./RuleEditor";

interface Props {
  view: RulesView;
  onView: (view: RulesView) => void;
}

export function EditRoute(props: Props) {
  const plant = usePlant();
  const rules = useRules();
  return <Loaded query={plant}>{(tree) => <Loaded query={rules}>{(all) => <Found key={`${props.view.edit} ${props.view.copy}`} {...props} tree={tree} rules={all} />}</Loaded>}</Loaded>;
}

function begin(rule: Rule | undefined, copied: Rule | undefined): Fields {
  if (rule) return fieldsOf(rule);
  return copied ? { ...fieldsOf(copied), name: texts().editor.copyOf(copied.name).slice(0, 100) } : BLANK;
}

function Found({ view, onView, tree, rules }: Props & { tree: Tree; rules: readonly Rule[] }) {
  const { gone, toRules } = texts();
  const rule = rules.find(({ id }) => id === view.edit);
  const copied = view.edit === NEW ? rules.find(({ id }) => id === view.copy) : undefined;
  // As it was when somebody began: what another person saves meanwhile is no change of theirs.
  const [base] = useState(() => begin(rule, copied));
  const [first] = useState(() => withWritten(base, view.written ?? {}));
  if (view.edit !== NEW && !rule) return <Note>{gone} <Link to="/rules">{toRules}</Link></Note>;
  const keep = (fields: Fields): void => onView({ ...readFilter(view), edit: view.edit, copy: view.copy, written: writtenOf(fields, base) });
  return <RuleEditor rule={rule} tree={tree} base={base} first={first} onFields={keep} onClose={() => onView(readFilter(view))} />;
}
