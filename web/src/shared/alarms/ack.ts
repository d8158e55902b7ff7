/** What people do to alarms: each answer is taken into the list at once; many are acknowledged in one go. */

import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { post } from "@/shared/api/http";
import type { Body } from "@/shared/api/paths";
import type { Alarm } from "@/shared/api/types";
import { ALARMS, OPEN_ALARMS, OTHER_ALARMS, tellAlarms } from "./feed";

/** So many alerting takes at once. */
const AT_ONCE = 1000;

export function inPacks<T>(items: readonly T[], size = AT_ONCE): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** Acknowledge one alarm or a selection of them with the same comment. */
export async function acknowledge(client: QueryClient, alarms: readonly Alarm[], comment: string): Promise<void> {
  const [first] = alarms;
  if (!first) return;
  if (alarms.length === 1) {
    tellAlarms(client, [await post(`${ALARMS}/{alarm_id}/ack`, { alarm_id: first.id }, { comment })]);
  } else {
    for (const pack of inPacks(alarms)) await post(`${ALARMS}/ack`, {}, { ids: pack.map((a) => a.id), comment });
    await client.invalidateQueries({ queryKey: OPEN_ALARMS });
  }
  void client.invalidateQueries({ queryKey: OTHER_ALARMS });
}

export function useAcknowledge(): (alarms: readonly Alarm[], comment: string) => Promise<void> {
  const client = useQueryClient();
  return (alarms, comment) => acknowledge(client, alarms, comment);
}

/** Something done to one alarm: the verb of its address, and what is said with it. */
type Verb = "ack" | "reset" | "shelve" | "unshelve" | "out-of-service" | "in-service" | "comments" | "assign";
type Saying<V extends Verb> = Body<"post", `${typeof ALARMS}/{alarm_id}/${V}`>;
export type Deed = { [V in Verb]: { verb: V } & (undefined extends Saying<V> ? { body?: Saying<V> } : { body: Saying<V> }) }[Verb];

/** Do something to an alarm; the answer is taken into the list. */
export function useDoing(): (alarm: Pick<Alarm, "id">, deed: Deed) => Promise<Alarm> {
  const client = useQueryClient();
  return useCallback(async ({ id }, { verb, body = {} }) => {
    const alarm = await post(`${ALARMS}/{alarm_id}/${verb}`, { alarm_id: id }, body);
    tellAlarms(client, [alarm]);
    void client.invalidateQueries({ queryKey: OTHER_ALARMS });
    return alarm;
  }, [client]);
}
