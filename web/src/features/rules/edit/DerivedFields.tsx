/** Conditions on a number that is made of the value: a difference, a rate, a score, a formula, or how often something happens. */

import { PickField, Row, TextField } from "@/shared/ui/Form";
import { PERS } from "../conditions";
import { conditionTexts } from "../conditionTexts";
import { SIDES } from "../limits";
import { Expression, Limits, type UnitProps } from "./ConditionFields";

export function DerivedFields(props: UnitProps) {
  const say = conditionTexts();
  const { fields, onChange, unit } = props;
  const { form, per } = fields;
  // A score and a formula are in no unit that is known here.
  const measured = form === "rate" ? (unit ? `${unit}/${per}` : `1/${per}`) : form === "score" || form === "formula" ? "" : unit;
  return (
    <>
      <Source {...props} />
      <PickField label={say.compare} value={fields.side} onPick={(side) => onChange({ side })} options={SIDES.map((side) => [side, say.sides[side]] as const)} />
      <Limits {...props} unit={measured} side={fields.side} {...(form === "count" && { hint: say.own })} />
    </>
  );
}

function Source(props: UnitProps) {
  const say = conditionTexts();
  const { fields, onChange } = props;
  switch (fields.form) {
    case "deviation": return <TextField label={say.other} value={fields.other} onText={(other) => onChange({ other })} placeholder="setpoint" hint={say.otherHint} spellCheck={false} />;
    case "score": return <TextField label={say.scoreOver} value={fields.over} onText={(over) => onChange({ over })} placeholder="1h" hint={say.scoreHint} />;
    case "formula": return <Expression {...props} hint={say.formulaHint} example="temperature - ambient" />;
    case "rate": return (
      <Row>
        <TextField label={say.rateOver} value={fields.over} onText={(over) => onChange({ over })} placeholder="10m" hint={say.rateHint} />
        <PickField label={say.per} value={fields.per} onPick={(per) => onChange({ per })} options={PERS.map((per) => [per, per] as const)} />
      </Row>
    );
    default: return (
      <Row>
        <TextField label={say.count} inputMode="numeric" value={fields.count} onText={(count) => onChange({ count })} />
        <TextField label={say.within} value={fields.within} onText={(within) => onChange({ within })} placeholder="10m" hint={say.withinHint} />
      </Row>
    );
  }
}
