/** What few rules need: repeats, holding, gates, and how alarms explain each other. */

import { useCalendars, useRules } from "@/shared/alerting/queries";
import type { Within } from "@/shared/api/types";
import { PickField, Row, TextField, Tick } from "@/shared/ui/Form";
import form from "@/shared/ui/Form.module.css";
import { moreSet } from "../fields";
import { texts } from "../texts";
import css from "./Editor.module.css";
import { Fold } from "./Fold";
import type { PartProps } from "./RuleEditor";

const WITHINS = ["machine", "line", "area", "site"] as const;
const withins = (): readonly (readonly [Within, string])[] => WITHINS.map((one) => [one, texts().editor.within[one]] as const);

export function MoreFields({ fields, onChange, ownName }: PartProps & { ownName: string }) {
  const set = moreSet(fields);
  const say = texts().editor;
  return (
    <Fold title={`${say.parts.more}${set > 0 ? say.moreSet(set) : ""}`}>
      <Row>
        <TextField label={say.repeat} inputMode="numeric" value={fields.repeat} onText={(repeat) => onChange({ repeat })} hint={say.repeatHint} />
        <TextField label={say.minimum} value={fields.minimum} onText={(minimum) => onChange({ minimum })} hint={say.minimumHint} />
        <TextField label={say.realarm} value={fields.realarm} onText={(realarm) => onChange({ realarm })} placeholder={say.realarmExample} hint={say.realarmHint} />
      </Row>
      <Tick text={say.latch} checked={fields.latch} onTick={(latch) => onChange({ latch })} />
      <Gates fields={fields} onChange={onChange} />
      <Family fields={fields} onChange={onChange} ownName={ownName} />
    </Fold>
  );
}

function Gates({ fields, onChange }: PartProps) {
  const say = texts().editor;
  const calendars = useCalendars().data ?? [];
  const toggle = (name: string, on: boolean): void =>
    onChange({ activeDuring: on ? [...fields.activeDuring, name] : fields.activeDuring.filter((c) => c !== name) });
  return (
    <>
      <TextField label={say.activeWhen} value={fields.activeWhen} onText={(activeWhen) => onChange({ activeWhen })} placeholder='state == "RUN" and speed > 10' spellCheck={false}
        hint={say.activeWhenHint} maxLength={1000} />
      {calendars.length > 0 && (
        <fieldset className={css["group"]}>
          <legend className={form["legend"]}>{say.during}</legend>
          {calendars.map(({ id, name }) => <Tick key={id} text={name} checked={fields.activeDuring.includes(name)} onTick={(on) => toggle(name, on)} />)}
        </fieldset>
      )}
    </>
  );
}

function Family({ fields, onChange, ownName }: PartProps & { ownName: string }) {
  const say = texts().editor;
  const rules = (useRules().data ?? []).filter((rule) => !rule.system && rule.name !== ownName);
  return (
    <>
      <Row>
        <PickField label={say.suppressedBy} value={fields.suppressedBy} onPick={(suppressedBy) => onChange({ suppressedBy })} hint={say.suppressedHint}
          options={[["", say.noRule], ...rules.map(({ name }) => [name, name] as const)]} />
        {fields.suppressedBy && <PickField label={say.where} value={fields.suppressedWithin} onPick={(suppressedWithin) => onChange({ suppressedWithin })} options={withins()} />}
      </Row>
      <Row>
        <TextField label={say.group} value={fields.group} onText={(group) => onChange({ group })} maxLength={100} hint={say.groupHint} />
        {fields.group && <PickField label={say.where} value={fields.groupWithin} onPick={(groupWithin) => onChange({ groupWithin })} options={withins()} />}
      </Row>
    </>
  );
}
