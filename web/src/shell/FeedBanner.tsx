/** Says it when Andon or the live feed is gone, and how old the values on screen are. */

import { Unplug } from "lucide-react";
import { lengthText, timeText } from "@/shared/format/time";
import { useFeed, useNow } from "@/shared/live/hooks";
import { useReachable } from "./connection";
import css from "./FeedBanner.module.css";
import { texts } from "./texts";

const PATIENCE_MS = 3_000;

export function FeedBanner() {
  const { state, since, heard } = useFeed();
  const now = useNow(1000);
  const isOffline = !useReachable();
  const slow = state === "connecting" && Date.now() - since > PATIENCE_MS;
  if (state !== "lost" && !slow && !isOffline) return null;
  const { offline, connectingFeed, lostFeed, valuesFrom, lastStored, lastKnown } = texts();
  const age = heard > 0 ? valuesFrom(timeText(heard), lengthText(now - heard)) : isOffline ? lastKnown : lastStored;
  return (
    <div className={css["banner"]} role="status">
      <Unplug size={20} aria-hidden />
      <strong>{isOffline ? offline : slow ? connectingFeed : lostFeed}</strong>
      <span>{age}</span>
    </div>
  );
}
