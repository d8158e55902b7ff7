/** What alerting is asked for by more than one page: rules, channels and the plans they go by. */

import { useQuery } from "@tanstack/react-query";
import { all } from "@/shared/api/http";

export const ALERTING = "/api/alerting/v1";
export const RULES = ["rules"] as const;
export const CHANNELS = ["channels"] as const;
export const POLICIES = ["policies"] as const;
export const SCHEDULES = ["schedules"] as const;
export const CALENDARS = ["calendars"] as const;
export const SILENCES = ["silences"] as const;

/** Rules by name; those that watch Andon itself come last. */
export const useRules = () =>
  useQuery({
    queryKey: RULES,
    queryFn: ({ signal }) => all(`${ALERTING}/rules`, { limit: 500, system: true }, signal),
    select: (rules) => [...rules.filter((r) => !r.system), ...rules.filter((r) => r.system)],
  });

export const useChannels = () => useQuery({ queryKey: CHANNELS, queryFn: ({ signal }) => all(`${ALERTING}/channels`, {}, signal) });
export const usePolicies = () => useQuery({ queryKey: POLICIES, queryFn: ({ signal }) => all(`${ALERTING}/policies`, {}, signal) });
export const useSchedules = () => useQuery({ queryKey: SCHEDULES, queryFn: ({ signal }) => all(`${ALERTING}/schedules`, {}, signal) });
export const useCalendars = () => useQuery({ queryKey: CALENDARS, queryFn: ({ signal }) => all(`${ALERTING}/calendars`, {}, signal) });
export const useSilences = (over: boolean) =>
  useQuery({
    queryKey: [...SILENCES, over],
    queryFn: ({ signal }) => all(`${ALERTING}/silences`, over ? { over: true } : {}, signal),
    refetchInterval: 30_000,
  });
