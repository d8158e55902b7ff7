/** The turns of schedules from today's midnight on for two weeks, and which of them are one's own. */

import { useQueries } from "@tanstack/react-query";
import { ALERTING, SCHEDULES, useChannels, useSchedules } from "@/shared/alerting/queries";
import { get } from "@/shared/api/http";
import { useMay, useSession } from "@/shared/api/session";
import { timeZone } from "@/shared/format/time";
import { instantOf, wallOf } from "@/shared/format/zone";
import { ownNames, turnsOf, type Rota } from "./duty";

const DAY = 86_400_000;
export const DAYS = 14;

/** The last midnight on the clock of whoever looks, epoch ms. */
export function today(now = Date.now()): number {
  const zone = timeZone();
  return instantOf(Math.floor(wallOf(now, zone) / DAY) * DAY, zone);
}

export const shiftsQuery = (id: string) => ({
  queryKey: [...SCHEDULES, id, "shifts"],
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    const from = today();
    const span = { from: new Date(from).toISOString(), to: new Date(from + DAYS * DAY).toISOString() };
    return turnsOf((await get(`${ALERTING}/schedules/{schedule_id}/shifts`, { schedule_id: id, ...span }, signal)).items);
  },
  refetchInterval: 60_000,
});

/** Every schedule with its turns; undefined until all are known. */
export function useRotas(): readonly Rota[] | undefined {
  const schedules = useSchedules().data;
  const found = useQueries({ queries: (schedules ?? []).map(({ id }) => shiftsQuery(id)) });
  const rotas = (schedules ?? []).flatMap(({ name }, i) => { const turns = found[i]?.data; return turns ? [{ name, turns }] : []; });
  return schedules && rotas.length === schedules.length ? rotas : undefined;
}

/** Names of the channels of whoever is signed in. */
export function useOwnNames(): readonly string[] {
  const person = useSession()?.name ?? "";
  return ownNames(person, useChannels().data ?? []);
}

/** Whether one may say who takes over: a schedule serves all of the plant. */
export function useMayOverride(): boolean {
  const isOperator = useMay("operator");
  return useSession()?.scope === "" && isOperator;
}
