/** Whether live values arrive; the banner below says more when they do not. */

import { Activity, Unplug } from "lucide-react";
import { useFeed } from "@/shared/live/hooks";
import css from "./FeedState.module.css";
import { texts } from "./texts";

export function FeedState() {
  const { state } = useFeed();
  // Pages without live values want no feed: that is no fault, and nothing to tell.
  if (state === "idle") return null;
  const Icon = state === "lost" ? Unplug : Activity;
  return <p className={css["feed"]} data-state={state}><Icon size={16} aria-hidden /><span>{texts().feed[state]}</span></p>;
}
