/** Labels of a place: words that rules and lists choose by. */

import { Plus, Trash2 } from "lucide-react";
import { Button } from "@/shared/ui/Button";
import { TextField } from "@/shared/ui/Form";
import css from "./ModelPage.module.css";
import { isLabelBad, type Label } from "./place";
import { texts } from "./texts";

const MOST = 32;

export function LabelsField({ labels, onLabels }: { labels: readonly Label[]; onLabels: (labels: Label[]) => void }) {
  const t = texts();
  const set = (at: number, more: Partial<Label>): void => onLabels(labels.map((label, i) => (i === at ? { ...label, ...more } : label)));
  const isBad = (label: Label): boolean => label.key !== "" && isLabelBad(label, labels);
  return (
    <div className={css["labels"]} role="group" aria-label={t.labels}>
      {labels.map((label, i) => (
        <div key={i} className={css["label"]}>
          <TextField label={t.labelKey} value={label.key} onText={(key) => set(i, { key })} maxLength={63} required spellCheck={false} autoCapitalize="none" aria-invalid={isBad(label)}
            hint={isBad(label) && <span className={css["bad"]}>{t.labelBad}</span>} />
          <TextField label={t.labelValue} value={label.value} onText={(value) => set(i, { value })} maxLength={200} />
          <Button look="quiet" aria-label={t.removeLabel(label.key)} title={t.removeLabel(label.key)} onClick={() => onLabels(labels.filter((_, at) => at !== i))}><Trash2 size={18} aria-hidden /></Button>
        </div>
      ))}
      {labels.length < MOST && <div><Button onClick={() => onLabels([...labels, { key: "", value: "" }])}><Plus size={18} aria-hidden />{t.addLabel}</Button></div>}
    </div>
  );
}
