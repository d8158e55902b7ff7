/** The button at the thumb, and why it waits. */

import { Button } from "@/shared/ui/Button";
import { isReady, unsure, type Draft, type Filling } from "./draft";
import css from "./Enter.module.css";
import { texts } from "./texts";

function storeText(found: Filling, draft: Draft): string {
  const { mend, check, store } = texts();
  const [faults, doubts] = [Object.keys(found.faults).length, unsure(found, draft).length];
  if (faults > 0) return mend(faults);
  return doubts > 0 ? check(doubts) : store(Object.keys(found.values).length);
}

export function StoreBar({ found, draft, isStoring }: { found: Filling; draft: Draft; isStoring: boolean }) {
  return (
    <div className={css["store"]}>
      <Button look="main" type="submit" disabled={isStoring || !isReady(found, draft)}>{isStoring ? texts().storing : storeText(found, draft)}</Button>
    </div>
  );
}
