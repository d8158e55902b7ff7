/** Alarms that nobody has acknowledged: how many, and the most urgent of them. */

import { useMemo } from "react";
import { useOpenAlarms } from "@/shared/alarms/feed";
import type { Alarm } from "@/shared/api/types";
import { asksForAck, byUrgency } from "@/shared/plant/condition";

export interface Waiting {
  count: number;
  worst: Alarm | undefined;
}

export function waitingOf(alarms: readonly Alarm[]): Waiting {
  const waiting = alarms.filter(asksForAck);
  // Not sorted: in a flood there are thousands of them.
  return { count: waiting.length, worst: waiting.reduce<Alarm | undefined>((worst, a) => (worst && byUrgency(worst, a) <= 0 ? worst : a), undefined) };
}

export function useWaiting(): Waiting {
  const alarms = useOpenAlarms().data;
  return useMemo(() => waitingOf(alarms ?? []), [alarms]);
}
