/** What few rules need: repeats, holding, gates, and how alarms explain each other. */

import { useCalendars, useRules } from "@/shared/alerting/queries";
import type { Within } from "@/shared/api/types";
import { PickField, Row, TextField, Tick } from "@/shared/ui/Form";
import form from "@/shared/ui/Form.module.css";
import { moreSet } from "./fields";
import type { PartProps } from "./RuleDialog";
import css from "./RulesPage.module.css";

const WITHIN: readonly (readonly [Within, string])[] = [["machine", "on the same machine"], ["line", "on the same line"], ["area", "in the same area"], ["site", "on the same site"]];
const withinOf = (text: string): Within => WITHIN.find(([w]) => w === text)?.[0] ?? "machine";

export function MoreFields({ fields, onChange, ownName }: PartProps & { ownName: string }) {
  const set = moreSet(fields);
  return (
    <details className={css["fold"]}>
      <summary>Repeats, latch and gates{set > 0 && ` (${set} set)`}</summary>
      <Row>
        <TextField label="Samples in a row" inputMode="numeric" value={fields.repeat} onText={(repeat) => onChange({ repeat })} hint="In trouble, before it counts" />
        <TextField label="Active for at least" value={fields.minimum} onText={(minimum) => onChange({ minimum })} hint="0s: as long as it is" />
        <TextField label="Ask again after" value={fields.realarm} onText={(realarm) => onChange({ realarm })} placeholder="never" hint="When acknowledged and still there" />
      </Row>
      <Tick text="Latch: stays until somebody resets it" checked={fields.latch} onTick={(latch) => onChange({ latch })} />
      <Gates fields={fields} onChange={onChange} />
      <Family fields={fields} onChange={onChange} ownName={ownName} />
    </details>
  );
}

function Gates({ fields, onChange }: PartProps) {
  const calendars = useCalendars().data ?? [];
  const toggle = (name: string, on: boolean): void =>
    onChange({ activeDuring: on ? [...fields.activeDuring, name] : fields.activeDuring.filter((c) => c !== name) });
  return (
    <>
      <TextField label="Only while" value={fields.activeWhen} onText={(activeWhen) => onChange({ activeWhen })} placeholder='state == "RUN" and speed > 10' spellCheck={false}
        hint="An expression of sensors of the machine; while it is false the rule is suppressed." maxLength={1000} />
      {calendars.length > 0 && (
        <fieldset className={css["group"]}>
          <legend className={form["legend"]}>Only during</legend>
          {calendars.map(({ id, name }) => <Tick key={id} text={name} checked={fields.activeDuring.includes(name)} onTick={(on) => toggle(name, on)} />)}
        </fieldset>
      )}
    </>
  );
}

function Family({ fields, onChange, ownName }: PartProps & { ownName: string }) {
  const rules = (useRules().data ?? []).filter((rule) => !rule.system && rule.name !== ownName);
  return (
    <>
      <Row>
        <PickField label="Not while this rule is active" value={fields.suppressedBy} onPick={(suppressedBy) => onChange({ suppressedBy })} hint="It explains this one"
          options={[["", "none"], ...rules.map(({ name }) => [name, name] as const)]} />
        {fields.suppressedBy && <PickField label="Where" value={fields.suppressedWithin} onPick={(v) => onChange({ suppressedWithin: withinOf(v) })} options={WITHIN} />}
      </Row>
      <Row>
        <TextField label="Group" value={fields.group} onText={(group) => onChange({ group })} maxLength={100} hint="Of the alarms of a group, the first is marked" />
        {fields.group && <PickField label="Where" value={fields.groupWithin} onPick={(v) => onChange({ groupWithin: withinOf(v) })} options={WITHIN} />}
      </Row>
    </>
  );
}
