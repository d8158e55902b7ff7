/** How far an export is. */

import { sizeText } from "@/shared/format/bytes";
import { Failure, Note } from "@/shared/ui/Page";
import css from "./Making.module.css";
import { texts } from "./texts";
import { progressText, type Export } from "./exports";

export function Making({ one }: { one: Export }) {
  if (one.state === "failed") return <Failure error={new Error(one.detail)} />;
  if (one.state === "waiting") return <Note>{texts().waiting}</Note>;
  if (one.state === "done") return <Note><b>{one.name}</b> {texts().isReady(one.rows, sizeText(one.bytes))}</Note>;
  return (
    <div className={css["making"]} role="status">
      <progress className={css["bar"]} {...(one.percent < 100 && { value: one.percent })} max={100} aria-label={texts().howFar} />
      <p>{progressText(one)}</p>
    </div>
  );
}
