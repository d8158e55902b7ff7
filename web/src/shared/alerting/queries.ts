/** What alerting is asked for by more than one page: rules, channels and the plans they go by. */

import { useQuery } from "@tanstack/react-query";
import { all } from "@/shared/api/http";
import type { Calendar, Channel, Policy, Rule, Schedule, Silence } from "@/shared/api/types";

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
    queryFn: ({ signal }) => all<Rule>(`${ALERTING}/rules`, { limit: 500, system: true }, signal),
    select: (rules) => [...rules.filter((r) => !r.system), ...rules.filter((r) => r.system)],
  });

const useList = <T>(key: readonly string[], path: string) =>
  useQuery({ queryKey: key, queryFn: ({ signal }) => all<T>(`${ALERTING}/${path}`, {}, signal) });

export const useChannels = () => useList<Channel>(CHANNELS, "channels");
export const usePolicies = () => useList<Policy>(POLICIES, "policies");
export const useSchedules = () => useList<Schedule>(SCHEDULES, "schedules");
export const useCalendars = () => useList<Calendar>(CALENDARS, "calendars");
export const useSilences = (over: boolean) =>
  useQuery({
    queryKey: [...SILENCES, over],
    queryFn: ({ signal }) => all<Silence>(`${ALERTING}/silences`, over ? { over: true } : {}, signal),
    refetchInterval: 30_000,
  });
