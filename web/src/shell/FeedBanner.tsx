/** Says it when the live feed is gone, and how old the values on screen are. */

import { Unplug } from "lucide-react";
import { lengthText, timeText } from "@/shared/format/time";
import { useFeed, useNow } from "@/shared/live/hooks";
import css from "./FeedBanner.module.css";

const PATIENCE_MS = 3_000;

export function FeedBanner() {
  const { state, since, heard } = useFeed();
  const now = useNow(1000);
  const slow = state === "connecting" && Date.now() - since > PATIENCE_MS;
  if (state !== "lost" && !slow) return null;
  return (
    <div className={css["banner"]} role="status">
      <Unplug size={20} aria-hidden />
      <strong>{slow ? "Connecting to the live feed…" : "Live feed lost, reconnecting…"}</strong>
      <span>
        {heard > 0
          ? `Values on screen are from ${timeText(heard)} (${lengthText(now - heard)} ago).`
          : "Values on screen are the last stored ones."}
      </span>
    </div>
  );
}
