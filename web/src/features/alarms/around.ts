/** The stretch of time in which an alarm is looked at: with what led to it, and what came after. Pure. */

import { isCompared } from "@/shared/alarms/sentence";
import type { Alarm, Limits } from "@/shared/api/types";
import type { View } from "@/shared/plant/view";

const LEAST_PAD_MS = 5 * 60_000;
const MOST_PAD_MS = 6 * 3_600_000;

type Timed = Pick<Alarm, "since" | "active" | "cleared_at">;

/** fixed: from before it to after it; view: the same, moving on with the clock while it is there. */
export function around({ since, active, cleared_at }: Timed, now: number): { fixed: { from: number; to: number }; view: View } {
  const start = Date.parse(since);
  const end = active || !cleared_at ? now : Date.parse(cleared_at);
  const pad = Math.min(MOST_PAD_MS, Math.max(LEAST_PAD_MS, (end - start) / 2));
  const fixed = { from: Math.round(start - pad), to: Math.round(Math.min(now, end + pad)) };
  return { fixed, view: active ? { range: `${Math.ceil((now - fixed.from) / 1000)}s` } : fixed };
}

/** The limits on the alarm's side: the sensor's, and the rule's own where the sensor has none there. The others would only flatten the trend. */
export function limitsOf({ limit, value, message }: Pick<Alarm, "limit" | "value" | "message">, limits: Limits): Limits {
  // Limits of rates and differences are of another kind than what is drawn.
  if (limit === null || value === null || !isCompared(message)) return limits;
  const { h, hh, l, ll } = limits;
  return value >= limit ? { h: h ?? limit, hh: hh ?? null } : { l: l ?? limit, ll: ll ?? null };
}
