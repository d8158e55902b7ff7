/** Acknowledging: one alarm or a selection of them, each answer taken into the list at once. */

import { useQueryClient } from "@tanstack/react-query";
import { post } from "@/shared/api/http";
import type { Alarm } from "@/shared/api/types";
import { tellAlarm } from "./feed";

const AT_ONCE = 4;

/** Run `act` on every item, a few at a time; returns how many went wrong and the first reason. */
export async function each<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<{ failed: number; reason: unknown }> {
  const outcome = { failed: 0, reason: undefined as unknown };
  const waiting = [...items];
  const work = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await act(item);
      } catch (error) {
        outcome.failed += 1;
        outcome.reason ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcome;
}

export function useAcknowledge(): (alarms: readonly Alarm[], comment: string) => Promise<void> {
  const client = useQueryClient();
  return async (alarms, comment) => {
    const { failed, reason } = await each(alarms, async ({ id }) => {
      tellAlarm(client, await post<Alarm>(`/api/alerting/v1/alarms/${id}/ack`, { comment }));
    });
    if (failed === 0) return;
    const why = reason instanceof Error ? reason.message : String(reason);
    throw new Error(alarms.length === 1 ? why : `${failed} of ${alarms.length} could not be acknowledged: ${why}`);
  };
}
