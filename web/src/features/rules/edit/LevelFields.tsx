/** A ladder of limits, each with its severity. */

import { Plus, Trash2 } from "lucide-react";
import { SEVERITIES } from "@/shared/plant/condition";
import { Button } from "@/shared/ui/Button";
import { PickField, TextField } from "@/shared/ui/Form";
import form from "@/shared/ui/Form.module.css";
import { levelText } from "@/shared/ui/Mark";
import type { LevelField } from "../conditions";
import { conditionTexts } from "../conditionTexts";
import { isLimit } from "../limits";
import type { UnitProps } from "./ConditionFields";
import css from "./Editor.module.css";

const MOST_LEVELS = 8;

export function LevelFields({ fields: { levels }, onChange, unit }: UnitProps) {
  const say = conditionTexts();
  const set = (at: number, more: Partial<LevelField>): void => onChange({ levels: levels.map((level, i) => (i === at ? { ...level, ...more } : level)) });
  return (
    <fieldset className={css["group"]}>
      <legend className={form["legend"]}>{say.levels}</legend>
      {levels.map((level, i) => (
        <div key={i} className={css["levelRow"]} role="group" aria-label={say.level(i + 1)}>
          <PickField label={say.levelWhen} value={level.side} onPick={(side) => set(i, { side })} options={[["above", say.sides.above], ["below", say.sides.below]]} />
          <TextField label={say.inUnit(say.limit, unit)} value={level.limit} onText={(limit) => set(i, { limit })} aria-invalid={!isLimit(level.limit)} autoComplete="off" />
          <PickField label={say.severity} value={level.severity} onPick={(severity) => set(i, { severity })} options={SEVERITIES.map((s) => [s, levelText(s)] as const)} />
          <Button look="quiet" aria-label={say.removeLevel(i + 1)} title={say.removeLevel(i + 1)} disabled={levels.length === 1} onClick={() => onChange({ levels: levels.filter((_, at) => at !== i) })}><Trash2 size={18} /></Button>
        </div>
      ))}
      <Button disabled={levels.length >= MOST_LEVELS} onClick={() => onChange({ levels: [...levels, { side: "above", limit: "", severity: "high" }] })}><Plus size={18} aria-hidden />{say.addLevel}</Button>
      <small>{say.own}.</small>
    </fieldset>
  );
}
