/** Devices, and what they send just now. */

import { useQuery } from "@tanstack/react-query";
import { all } from "@/shared/api/http";

export const REGISTRY = "/api/registry/v1";
export const DEVICES = ["devices"] as const;

export const useDevices = () =>
  useQuery({
    queryKey: DEVICES,
    queryFn: ({ signal }) => all(`${REGISTRY}/devices`, { limit: 500 }, signal),
    // Rates change all the time; who is kept out is let in within seconds.
    refetchInterval: ({ state }) => (state.data?.some((device) => device.quarantines) ? 1_000 : 5_000),
  });
