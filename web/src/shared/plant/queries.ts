/** The plant and its newest values, asked once and kept. */

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { all } from "@/shared/api/http";
import { session } from "@/shared/api/session";
import type { Asset, Latest } from "@/shared/api/types";
import { useOpenAlarms } from "@/shared/alarms/feed";
import { useFeed, useNow } from "@/shared/live/hooks";
import { live } from "@/shared/live/live";
import { assess, type Condition } from "./condition";
import { growTree, PLATFORM, type Tree } from "./tree";

export function usePlant() {
  return useQuery({
    queryKey: ["plant"],
    queryFn: async ({ signal }): Promise<Tree> => {
      const ask = (under: string) => all<Asset>("/api/registry/v1/assets", { under, limit: 1000 }, signal);
      // Who has a part of the plant does not see the platform.
      const parts = await Promise.all([ask(""), session()?.scope ? [] : ask(PLATFORM)]);
      return growTree(parts.flat());
    },
    staleTime: 30_000,
    refetchInterval: 60_000,
    structuralSharing: false, // A tree holds itself twice (list and map); comparing it costs more than it saves.
  });
}

/** Fill the cells below `under` with the newest stored values, at first and after every gap of the feed. */
export function useSeed(under: string): void {
  const { opened } = useFeed();
  useQuery({
    queryKey: ["latest", under, opened],
    queryFn: async ({ signal }) => {
      const items = await all<Latest>("/api/query/v1/latest", { under }, signal);
      for (const { sensor, ts, value, quality } of items) live.cells.put([sensor, ts, value, quality]);
      return items.length;
    },
    gcTime: 0,
    staleTime: Infinity,
  });
}

/** Condition of every node, recomputed once a second. */
export function useConditions(tree: Tree | undefined): ReadonlyMap<string, Condition> {
  const alarms = useOpenAlarms().data;
  const now = useNow(1000);
  return useMemo(() => (tree ? assess(tree, alarms ?? [], live.cells.get, now) : new Map()), [tree, alarms, now]);
}
