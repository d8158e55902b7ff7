/** How far an export is. */

import { lengthText } from "@/shared/format/time";
import { Failure, Note } from "@/shared/ui/Page";
import css from "./Making.module.css";
import { sizeText, type Export } from "./exports";

export function Making({ now }: { now: Export }) {
  if (now.state === "failed") return <Failure error={new Error(now.detail)} />;
  if (now.state === "waiting") return <Note>Others are exporting; this one waits for its turn.</Note>;
  const rows = `${now.rows.toLocaleString()} values, ${sizeText(now.bytes)}`;
  if (now.state === "done") return <Note><b>{now.name}</b> is ready: {rows}. It is kept for an hour.</Note>;
  return (
    <div className={css["making"]} role="status">
      <progress className={css["bar"]} value={now.percent} max={100} aria-label="How far the export is" />
      <p>{now.percent.toFixed(0)} % · {rows}{now.eta === null ? "" : ` · about ${lengthText(now.eta * 1000)} to go`}</p>
    </div>
  );
}
