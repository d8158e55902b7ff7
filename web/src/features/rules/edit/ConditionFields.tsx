/** What counts as trouble: each form of condition with fields of its own, and JSON for what they cannot show. */

import { texts as plantTexts } from "@/shared/plant/texts";
import { PickField, Row, TextArea, TextField, Tick } from "@/shared/ui/Form";
import form from "@/shared/ui/Form.module.css";
import { conditionOf, DERIVED, FORMS, jsonText, parsedCondition, QUALITIES, type Form } from "../conditions";
import { conditionTexts } from "../conditionTexts";
import type { Side } from "../limits";
import { DerivedFields } from "./DerivedFields";
import css from "./Editor.module.css";
import { LevelFields } from "./LevelFields";
import type { PartProps } from "./RuleEditor";

export type UnitProps = PartProps & { unit: string };

export function ConditionFields(props: UnitProps) {
  const say = conditionTexts();
  const { fields, onChange } = props;
  // Who goes on to JSON begins with what the fields said.
  const pick = (kind: Form): void => onChange({ form: kind, ...(kind === "json" && { json: jsonText(conditionOf(fields)) }) });
  return (
    <>
      <PickField label={say.when} value={fields.form} onPick={pick} options={FORMS.map((kind) => [kind, say.forms[kind]] as const)} />
      <Chosen {...props} />
    </>
  );
}

function Chosen(props: UnitProps) {
  const { fields, onChange } = props;
  const { form: kind } = fields;
  const say = conditionTexts();
  if (DERIVED.includes(kind)) return <DerivedFields {...props} />;
  switch (kind) {
    case "levels": return <LevelFields {...props} />;
    case "equals": return <TextField label={say.equals} value={fields.equals} onText={(equals) => onChange({ equals })} placeholder="FAULT, ESTOP" hint={say.equalsHint} spellCheck={false} />;
    case "silent": return <TextField label={say.silent} value={fields.silent} onText={(silent) => onChange({ silent })} placeholder="30s" hint={say.silentHint} />;
    case "unchanged": return <TextField label={say.unchanged} value={fields.unchanged} onText={(unchanged) => onChange({ unchanged })} placeholder="10m" hint={say.unchangedHint} />;
    case "quality": return <Qualities {...props} />;
    case "truth": return <Expression {...props} hint={say.truthHint} example="temperature > 80 and not speed < 10" />;
    case "json": return <Json {...props} />;
    case "above": case "below": case "outside": return <Limits {...props} side={kind} hint={say.own} />;
    default: return null;
  }
}

/** One limit or two. */
export function Limits({ fields, onChange, unit, side, hint }: UnitProps & { side: Side; hint?: string }) {
  const { inUnit, limit, lower, upper } = conditionTexts();
  return (
    <Row>
      {side !== "above" && <TextField label={inUnit(side === "below" ? limit : lower, unit)} value={fields.low} onText={(low) => onChange({ low })} hint={hint} autoComplete="off" />}
      {side !== "below" && <TextField label={inUnit(side === "above" ? limit : upper, unit)} value={fields.high} onText={(high) => onChange({ high })} hint={hint} autoComplete="off" />}
    </Row>
  );
}

export const Expression = ({ fields, onChange, hint, example }: PartProps & { hint: string; example: string }) => (
  <TextArea label={conditionTexts().expression} rows={2} className={css["json"]} spellCheck={false} value={fields.expression} onText={(expression) => onChange({ expression })}
    placeholder={example} hint={hint} maxLength={1000} />
);

function Qualities({ fields, onChange }: PartProps) {
  const say = conditionTexts();
  return (
    <fieldset className={css["group"]}>
      <legend className={form["legend"]}>{say.quality}</legend>
      {QUALITIES.map((one) => (
        <Tick key={one} text={plantTexts().qualities[one]} checked={fields.qualities.includes(one)}
          onTick={(on) => onChange({ qualities: QUALITIES.filter((other) => (other === one ? on : fields.qualities.includes(other))) })} />
      ))}
    </fieldset>
  );
}

function Json({ fields, onChange }: PartProps) {
  const say = conditionTexts();
  return (
    <TextArea label={say.json} rows={6} className={css["json"]} spellCheck={false} value={fields.json} onText={(json) => onChange({ json })}
      aria-invalid={parsedCondition(fields.json) === undefined} hint={say.jsonHint} />
  );
}
