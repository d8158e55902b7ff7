/** Rules and channels, asked once and kept. */

import { useQuery } from "@tanstack/react-query";
import { all, get } from "@/shared/api/http";
import type { Channel, Notification, Page, Rule } from "@/shared/api/types";

export const ALERTING = "/api/alerting/v1";
export const RULES = ["rules"] as const;
export const CHANNELS = ["channels"] as const;

/** Rules by name; those that watch Andon itself come last. */
export const useRules = () =>
  useQuery({
    queryKey: RULES,
    queryFn: ({ signal }) => all<Rule>(`${ALERTING}/rules`, { limit: 500, system: true }, signal),
    select: (rules) => [...rules.filter((r) => !r.system), ...rules.filter((r) => r.system)],
  });

export const useChannels = () =>
  useQuery({ queryKey: CHANNELS, queryFn: ({ signal }) => all<Channel>(`${ALERTING}/channels`, {}, signal) });

/** Messages that could not be delivered, newest first. */
export const useFailedNotifications = () =>
  useQuery({
    queryKey: ["notifications", "failed"],
    queryFn: async ({ signal }) => (await get<Page<Notification>>(`${ALERTING}/notifications`, { state: "failed", limit: 5 }, signal)).items,
    refetchInterval: 15_000,
  });
