/** How far an export is. */

import { sizeText } from "@/shared/format/bytes";
import { countOf } from "@/shared/format/number";
import { Failure, Note } from "@/shared/ui/Page";
import css from "./Making.module.css";
import { progressText, type Export } from "./exports";

export function Making({ one }: { one: Export }) {
  if (one.state === "failed") return <Failure error={new Error(one.detail)} />;
  if (one.state === "waiting") return <Note>Others are exporting; this one waits for its turn.</Note>;
  if (one.state === "done") return <Note><b>{one.name}</b> is ready: {countOf(one.rows, "value")}, {sizeText(one.bytes)}. It is kept for an hour.</Note>;
  return (
    <div className={css["making"]} role="status">
      <progress className={css["bar"]} {...(one.percent < 100 && { value: one.percent })} max={100} aria-label="How far the export is" />
      <p>{progressText(one)}</p>
    </div>
  );
}
