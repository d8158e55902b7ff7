/** What counts as trouble: fields for the usual forms, JSON with an example and help for all others. */

import { Plus, Trash2 } from "lucide-react";
import { SEVERITIES } from "@/shared/plant/condition";
import { Button } from "@/shared/ui/Button";
import { PickField, Row, TextArea, TextField } from "@/shared/ui/Form";
import form from "@/shared/ui/Form.module.css";
import { levelText } from "@/shared/ui/Mark";
import { conditionOf, isLimit, jsonText, parsedCondition, patternOf, PATTERNS, type Form, type LevelField } from "./conditions";
import type { PartProps } from "./RuleDialog";
import css from "./RulesPage.module.css";

const SIMPLE: readonly (readonly [Form, string])[] = [
  ["above", "is above"], ["below", "is below"], ["outside", "is outside a band"], ["levels", "passes one of several levels"], ["equals", "says"], ["silent", "is silent"],
];
const MOST_LEVELS = 8;
const OWN_HINT = "A number, or the sensor's own ll, l, h, hh";

export function ConditionFields(props: PartProps & { unit: string }) {
  const { fields, onChange } = props;
  const pattern = fields.form === "json" ? patternOf(parsedCondition(fields.json) ?? {}) : undefined;
  const value = fields.form === "json" ? (pattern ? `json ${pattern.name}` : "json") : fields.form;
  function pick(choice: string): void {
    const [kind, name] = choice.split(" ");
    if (kind !== "json") return onChange({ form: SIMPLE.find(([f]) => f === choice)?.[0] ?? "above" });
    const sample = PATTERNS.find((p) => p.name === name)?.sample ?? (fields.form === "json" ? undefined : conditionOf(fields));
    onChange({ form: "json", ...(sample && { json: jsonText(sample) }) });
  }
  return (
    <>
      <PickField label="Alarm when the value" value={value} onPick={pick}
        options={[...SIMPLE, ...PATTERNS.map((p) => [`json ${p.name}`, p.text] as const), ["json", "… anything else, written as JSON"]]} />
      {fields.form === "json" ? <Json {...props} help={pattern?.help} /> : <Simple {...props} />}
    </>
  );
}

function Simple({ fields, onChange, unit }: PartProps & { unit: string }) {
  const inUnit = (text: string): string => (unit ? `${text} (${unit})` : text);
  const { form: kind } = fields;
  if (kind === "levels") return <Levels levels={fields.levels} onLevels={(levels) => onChange({ levels })} unit={unit} />;
  if (kind === "equals") return <TextField label="One of these words" value={fields.equals} onText={(equals) => onChange({ equals })} placeholder="FAULT, ESTOP" hint="With commas between; of a switch true or false" />;
  if (kind === "silent") return <TextField label="No sample for" value={fields.silent} onText={(silent) => onChange({ silent })} placeholder="30s" hint="Longer than its sensor ever waits" />;
  return (
    <Row>
      {kind !== "above" && <TextField label={inUnit(kind === "below" ? "Limit" : "Lower limit")} value={fields.low} onText={(low) => onChange({ low })} hint={OWN_HINT} />}
      {kind !== "below" && <TextField label={inUnit(kind === "above" ? "Limit" : "Upper limit")} value={fields.high} onText={(high) => onChange({ high })} hint={OWN_HINT} />}
    </Row>
  );
}

interface LevelsProps {
  levels: readonly LevelField[];
  onLevels: (levels: LevelField[]) => void;
  unit: string;
}

function Levels({ levels, onLevels, unit }: LevelsProps) {
  const set = (at: number, more: Partial<LevelField>): void => onLevels(levels.map((level, i) => (i === at ? { ...level, ...more } : level)));
  return (
    <fieldset className={css["group"]}>
      <legend className={form["legend"]}>Levels, one alarm with the most severe of them</legend>
      {levels.map((level, i) => (
        <div key={i} className={css["levelRow"]} role="group" aria-label={`Level ${i + 1}`}>
          <PickField label="When" value={level.side} onPick={(side) => set(i, { side: side === "below" ? "below" : "above" })} options={[["above", "above"], ["below", "below"]]} />
          <TextField label={unit ? `Limit (${unit})` : "Limit"} value={level.limit} onText={(limit) => set(i, { limit })} aria-invalid={!isLimit(level.limit)} />
          <PickField label="Severity" value={level.severity} onPick={(v) => set(i, { severity: SEVERITIES.find((s) => s === v) ?? "medium" })} options={SEVERITIES.map((s) => [s, levelText(s)] as const)} />
          <Button look="quiet" aria-label={`Remove level ${i + 1}`} title="Remove" disabled={levels.length === 1} onClick={() => onLevels(levels.filter((_, at) => at !== i))}><Trash2 size={18} /></Button>
        </div>
      ))}
      <Button disabled={levels.length >= MOST_LEVELS} onClick={() => onLevels([...levels, { side: "above", limit: "", severity: "high" }])}><Plus size={18} aria-hidden />Add a level</Button>
      <small>{OWN_HINT}.</small>
    </fieldset>
  );
}

const MORE_HELP = "A limit is above, below, outside [low, high], or levels, a list of these with name, severity, deadband, on_delay and off_delay of their own.";

function Json({ fields, onChange, help }: PartProps & { help: string | undefined }) {
  const isGood = parsedCondition(fields.json) !== undefined;
  return (
    <TextArea label="Condition as JSON" rows={6} className={css["json"]} spellCheck={false} value={fields.json} onText={(json) => onChange({ json })} aria-invalid={!isGood}
      hint={help ? `${help} ${MORE_HELP}` : MORE_HELP} />
  );
}
