/** Documents of a type or a place: manuals, drawings, instructions, each with its address. */

import { Plus, Trash2 } from "lucide-react";
import { Button } from "@/shared/ui/Button";
import { TextField } from "@/shared/ui/Form";
import type { Paper } from "./changes";
import css from "./Model.module.css";
import { isReachable } from "./papers";
import { texts } from "./texts";

const MOST = 20;

export function PapersField({ papers, onPapers }: { papers: readonly Paper[]; onPapers: (papers: Paper[]) => void }) {
  const t = texts();
  const set = (at: number, more: Partial<Paper>): void => onPapers(papers.map((paper, i) => (i === at ? { ...paper, ...more } : paper)));
  return (
    <div className={css["papers"]}>
      {papers.length === 0 && <p className={css["note"]}>{t.noDocuments}</p>}
      {papers.map((paper, i) => (
        <div key={i} className={css["paper"]}>
          <TextField label={t.documentTitle} value={paper.title} onText={(title) => set(i, { title })} maxLength={200} required />
          <TextField label={t.documentUrl} value={paper.url} onText={(url) => set(i, { url })} maxLength={2000} required spellCheck={false} inputMode="url" placeholder="https://"
            aria-invalid={paper.url !== "" && !isReachable(paper.url.trim())} hint={paper.url !== "" && !isReachable(paper.url.trim()) && <span className={css["bad"]}>{t.badUrl}</span>} />
          <Button look="quiet" aria-label={t.removeDocument(paper.title)} title={t.removeDocument(paper.title)} onClick={() => onPapers(papers.filter((_, at) => at !== i))}><Trash2 size={18} aria-hidden /></Button>
        </div>
      ))}
      {papers.length < MOST && <div><Button onClick={() => onPapers([...papers, { title: "", url: "" }])}><Plus size={18} aria-hidden />{t.addDocument}</Button></div>}
    </div>
  );
}
