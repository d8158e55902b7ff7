/** What whoever is called reads: cause, consequence and action. */

import { TextArea } from "@/shared/ui/Form";
import { texts } from "../texts";
import { Fold } from "./Fold";
import type { PartProps } from "./RuleEditor";
import css from "./Editor.module.css";

const TEXTS = ["cause", "consequence", "action"] as const;

export function TextFields({ fields, onChange }: PartProps) {
  const say = texts().editor;
  const written = TEXTS.filter((field) => fields[field].trim()).length;
  return (
    <Fold title={`${say.parts.texts}${written > 0 ? say.written(written) : ""}`} open={written > 0 && written < TEXTS.length}>
      <p className={css["soft"]}>{say.textsHint}</p>
      {TEXTS.map((field) => <TextArea key={field} label={say[field]} rows={2} maxLength={2000} value={fields[field]} onText={(text) => onChange({ [field]: text })} />)}
    </Fold>
  );
}
