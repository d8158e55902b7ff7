/** How severe it is, and when it begins and ends. */

import { SEVERITIES } from "@/shared/plant/condition";
import { PickField, Row, TextField } from "@/shared/ui/Form";
import { levelText } from "@/shared/ui/Mark";
import { texts } from "../texts";
import type { PartProps } from "./RuleEditor";

export function DelayFields({ fields, onChange, unit }: PartProps & { unit: string }) {
  const say = texts().editor;
  return (
    <>
      <Row>
        <PickField label={say.severity} value={fields.severity} onPick={(severity) => onChange({ severity })}
          hint={fields.form === "levels" ? say.severityHint : undefined} options={SEVERITIES.map((s) => [s, levelText(s)] as const)} />
        <TextField label={unit ? `${say.deadband} (${unit})` : say.deadband} inputMode="decimal" value={fields.deadband} onText={(deadband) => onChange({ deadband })} hint={say.deadbandHint} />
      </Row>
      <Row>
        <TextField label={say.onDelay} value={fields.onDelay} onText={(onDelay) => onChange({ onDelay })} hint={say.onDelayHint} />
        <TextField label={say.offDelay} value={fields.offDelay} onText={(offDelay) => onChange({ offDelay })} hint={say.offDelayHint} />
      </Row>
    </>
  );
}
