/** Write a rule, or change one: fields beside what they mean, and beside what would have come of it. */

import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { Rule } from "@/shared/api/types";
import { unitText } from "@/shared/format/units";
import type { Tree } from "@/shared/plant/tree";
import { Step, Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { TextField, Tick } from "@/shared/ui/Form";
import { Failure, PageHead, Panel } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";
import { complaints, draftOf, scopeOf, type Fields } from "../fields";
import { PastPanel } from "../past/PastPanel";
import { texts } from "../texts";
import { sampleOf } from "../words";
import { ConditionFields } from "./ConditionFields";
import { DelayFields } from "./DelayFields";
import css from "./Editor.module.css";
import { MoreFields } from "./MoreFields";
import { PlainWords } from "./PlainWords";
import { ScopeFields } from "./ScopeFields";
import { TellFields } from "./TellFields";
import { TextFields } from "./TextFields";
import { useSaving } from "./useSaving";

interface Props {
  /** The rule to change; a new one without. */
  rule: Rule | undefined;
  tree: Tree;
  /** Where writing began. */
  base: Fields;
  /** What stands in the form at first. */
  first: Fields;
  /** Told of what is typed, a little later. */
  onFields: (fields: Fields) => void;
  onClose: () => void;
}

export interface PartProps {
  fields: Fields;
  onChange: (more: Partial<Fields>) => void;
}

const PAUSE_MS = 400;

export function RuleEditor({ rule: opened, tree, base, first, onFields, onClose }: Props) {
  const say = texts();
  const [fields, setFields] = useState(first);
  const forget = useKept(fields, first, onFields);
  const close = (): void => { forget(); onClose(); };
  const sample = sampleOf(tree, scopeOf(fields));
  const missing = complaints(fields, sample?.datatype);
  const draft = missing.length === 0 ? draftOf(fields, sample?.datatype) : undefined;
  // A name is not needed to look at the past.
  const tried = draft ?? (complaints({ ...fields, name: "?" }, sample?.datatype).length === 0 ? draftOf(fields, sample?.datatype) : undefined);
  const { saving, rule, idle } = useSaving(opened, draftOf(base), close);
  const change = (more: Partial<Fields>): void => setFields((old) => ({ ...old, ...more }));
  return (
    <>
      <Trail here={rule ? rule.name : say.make}><Step><Link to="/rules">{say.title}</Link></Step></Trail>
      <PageHead title={rule ? say.editor.changeTitle : say.make} hint={say.editor.kept} />
      <form className={css["editor"]} aria-label={say.editor.form} onSubmit={(e) => { e.preventDefault(); if (draft) saving.mutate(draft); }}>
        <div className={css["fields"]}><Parts fields={fields} onChange={change} tree={tree} unit={unitText(sample?.unit)} ownName={rule?.name ?? ""} /></div>
        <div className={css["seen"]}>
          <PlainWords fields={fields} tree={tree} sample={sample} isWhole={tried !== undefined} />
          <PastPanel tree={tree} draft={tried} scope={scopeOf(fields)} present={opened} onAdvice={change} />
        </div>
        <Foot missing={missing} idle={idle}>
          {saving.error && <Failure error={saving.error} />}
          <Button onClick={close}>{idle ? say.editor.leaveSo : say.toRules}</Button>
          <Button look="main" type="submit" disabled={saving.isPending || !draft}>{rule ? words().save : say.editor.create}</Button>
        </Foot>
      </form>
    </>
  );
}

/** What is typed is told once its author pauses; to be forgotten by who leaves before, or the address would lead back here. */
function useKept(fields: Fields, first: Fields, onFields: (fields: Fields) => void): () => void {
  const tell = useRef(onFields);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => { tell.current = onFields; });
  useEffect(() => {
    if (fields !== first) timer.current = setTimeout(() => tell.current(fields), PAUSE_MS);
    return () => clearTimeout(timer.current);
  }, [fields, first]);
  return () => clearTimeout(timer.current);
}

function Parts({ tree, unit, ownName, ...part }: PartProps & { tree: Tree; unit: string; ownName: string }) {
  const { fields, onChange } = part;
  const say = texts().editor;
  return (
    <>
      <Panel title={say.parts.what}>
        <TextField label={say.name} value={fields.name} onText={(name) => onChange({ name })} placeholder={say.nameExample} maxLength={100} autoFocus={fields.name === ""} />
        <ScopeFields tree={tree} {...part} />
      </Panel>
      <Panel title={say.parts.when}>
        <ConditionFields {...part} unit={unit} />
        <DelayFields {...part} unit={unit} />
      </Panel>
      <Panel title={say.parts.told}><TellFields {...part} /></Panel>
      <TextFields {...part} />
      <MoreFields {...part} ownName={ownName} />
      <Panel>
        <Tick text={say.enabled} checked={fields.enabled} onTick={(enabled) => onChange({ enabled })} />
        <p className={css["soft"]}>{say.enabledHint}</p>
      </Panel>
    </>
  );
}

function Foot({ missing, idle, children }: { missing: readonly string[]; idle: boolean; children: React.ReactNode }) {
  const say = texts().editor;
  return (
    <div className={css["foot"]}>
      {missing.length > 0 && <p role="status"><b>{say.unfinished}</b> {missing.join(" ")}</p>}
      {idle && <p role="alert">{say.idle}</p>}
      <div className={css["buttons"]}>{children}</div>
    </div>
  );
}
