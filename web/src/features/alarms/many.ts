/** The same done to many alarms, a few at a time: what failed is told with its reason, and stops nothing. */

import type { Alarm } from "@/shared/api/types";

export interface Outcome {
  /** The alarms as they were before. */
  done: Alarm[];
  failed: { alarm: Alarm; why: string }[];
}

/** More at once would keep others waiting. */
const AT_ONCE = 4;

/** told: how many are through, done or failed. */
export async function doAll(alarms: readonly Alarm[], act: (alarm: Alarm) => Promise<unknown>, told: (n: number) => void): Promise<Outcome> {
  const outcome: Outcome = { done: [], failed: [] };
  const waiting = [...alarms];
  async function work(): Promise<void> {
    for (let alarm = waiting.shift(); alarm; alarm = waiting.shift()) {
      try {
        await act(alarm);
        outcome.done.push(alarm);
      } catch (error) {
        outcome.failed.push({ alarm, why: error instanceof Error ? error.message : String(error) });
      }
      told(outcome.done.length + outcome.failed.length);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcome;
}
