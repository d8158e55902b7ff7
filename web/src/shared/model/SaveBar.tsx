/** What saving would change, at hand while one edits; nothing while nothing is changed. */

import { useBlocker } from "@tanstack/react-router";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";
import type { Change } from "./changes";
import css from "./Model.module.css";
import { ChangedMeanwhile } from "./meanwhile";
import { texts } from "./texts";

interface Props {
  changes: readonly Change[];
  /** Whether what is typed can be saved. */
  isWhole: boolean;
  saving: { isPending: boolean; error: Error | null; mutate: () => void };
  onDiscard: () => void;
}

export function SaveBar({ changes, isWhole, saving, onDiscard }: Props) {
  const t = texts();
  if (changes.length === 0) return null;
  const { error } = saving;
  return (
    <section className={css["bar"]} aria-label={t.changes(changes.length)}>
      <h2>{t.changes(changes.length)}</h2>
      <ChangeList changes={changes} />
      {error && <Failure error={error} />}
      {!isWhole && <p className={css["bad"]} role="status">{t.mend}</p>}
      <Buttons>
        <Button onClick={onDiscard}>{error instanceof ChangedMeanwhile ? t.showNew : t.discard}</Button>
        <Button look="main" onClick={() => saving.mutate()} disabled={saving.isPending || !isWhole}>{words().save}</Button>
      </Buttons>
      <BeforeLeaving isDirty={!saving.isPending} />
    </section>
  );
}

const SIGN = { new: "+", gone: "−", other: "~" } as const;

export const ChangeList = ({ changes }: { changes: readonly Change[] }) => (
  <ul className={css["changes"]} tabIndex={0} aria-label={texts().changes(changes.length)}>
    {changes.map(({ look, what, before, after }) => (
      <li key={`${look} ${what}`}>
        <span className={css["sign"]} aria-hidden>{SIGN[look]}</span>
        <span>{what}{look === "other" ? <>: <s>{before}</s> → <b>{after}</b></> : ` (${look === "new" ? texts().isNew : texts().isGone})`}</span>
      </li>
    ))}
  </ul>
);

/** Whoever goes elsewhere is asked first. */
function BeforeLeaving({ isDirty }: { isDirty: boolean }) {
  const { status, proceed, reset } = useBlocker({ shouldBlockFn: () => isDirty, enableBeforeUnload: isDirty, withResolver: true });
  const t = texts();
  if (status !== "blocked") return null;
  return (
    <Dialog title={t.leave} onClose={reset}>
      <p>{t.leaveText}</p>
      <Buttons>
        <Button onClick={reset} autoFocus>{t.stay}</Button>
        <Button look="main" onClick={proceed}>{t.leaveAct}</Button>
      </Buttons>
    </Dialog>
  );
}
