/** How old the data of a part of the plant is: quiet while it is fresh, bold once a machine has gone silent. */

import { lengthText } from "@/shared/format/time";
import { useNow } from "@/shared/live/hooks";
import css from "./Freshness.module.css";
import type { Heard } from "./heard";
import { useHeard } from "./queries";
import { texts } from "./texts";
import type { Node } from "./tree";

/** Machines speak at their own pace: a difference of seconds is none. */
const ALIKE_MS = 10_000;
const OLD_MS = 60_000;

/** `Data 1 s old`, or `Data 1 s to 3 min 05 s old` where one machine has been silent for longer than the others. */
export function heardText(heard: Heard | undefined, now: number): string {
  if (!heard) return texts().neverHeard;
  const newest = lengthText(now - heard.newest);
  return heard.newest - heard.oldest < ALIKE_MS ? texts().heard(newest) : texts().heardBetween(newest, lengthText(now - heard.oldest));
}

export function Freshness({ node }: { node: Node }) {
  const heard = useHeard(node);
  const now = useNow(1000);
  const isOld = heard !== undefined && now - heard.oldest > OLD_MS;
  return <span className={css["age"]} data-old={isOld} title={texts().heardTitle}>{heardText(heard, now)}</span>;
}
