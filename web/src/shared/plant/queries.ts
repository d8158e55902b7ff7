/** The plant and its newest values, asked once and kept. */

import { useQuery } from "@tanstack/react-query";
import { all, get } from "@/shared/api/http";
import type { Item } from "@/shared/api/paths";
import { session } from "@/shared/api/session";
import type { Alarm } from "@/shared/api/types";
import { useOpenAlarms } from "@/shared/alarms/feed";
import { useFeed, useNow } from "@/shared/live/hooks";
import { live } from "@/shared/live/live";
import { assess, settled, type Condition } from "./condition";
import { heardOf, type Heard } from "./heard";
import { pacesOf } from "./paces";
import { growTree, PLATFORM, type Node, type Tree } from "./tree";

export function usePlant() {
  return useQuery({
    queryKey: ["plant"],
    queryFn: async ({ signal }): Promise<Tree> => {
      const ask = (under: string) => all("/api/registry/v1/assets", { under, limit: 1000 }, signal);
      // Who has a part of the plant does not see the platform.
      const parts = await Promise.all([ask(""), session()?.scope ? [] : ask(PLATFORM)]);
      const assets = parts.flat();
      live.cells.pace(pacesOf(assets));
      return growTree(assets);
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
      const items = (await get("/api/query/v1/latest", { under }, signal)).items;
      for (const { sensor, ts, value, quality } of items) live.cells.put([sensor, ts, value, quality]);
      return items.length;
    },
    gcTime: 0,
    staleTime: Infinity,
  });
}

interface Assessed {
  of: readonly unknown[];
  conditions: ReadonlyMap<string, Condition>;
}

let newest: Assessed = { of: [], conditions: new Map() };

/** Everybody who asks within a second gets the same answer: a plant of ten thousand sensors is gone over once. */
function assessOnce(tree: Tree, alarms: readonly Alarm[], now: number): ReadonlyMap<string, Condition> {
  const of = [tree, alarms, now];
  if (of.some((part, i) => part !== newest.of[i])) newest = { of, conditions: settled(newest.conditions, assess(tree, alarms, live.cells.get, now)) };
  return newest.conditions;
}

const NO_ALARMS: readonly Alarm[] = [];
const NO_CONDITIONS: ReadonlyMap<string, Condition> = new Map();

/** Condition of every node, recomputed once a second; a node that has not changed keeps its object. */
export function useConditions(tree: Tree | undefined): ReadonlyMap<string, Condition> {
  const alarms = useOpenAlarms().data ?? NO_ALARMS;
  const now = useNow(1000);
  return tree ? assessOnce(tree, alarms, now) : NO_CONDITIONS;
}

/** When the machines below `path` were heard, as of this second. */
export function useHeard(node: Node): Heard | undefined {
  useNow(1000);
  return heardOf(node, live.cells.get);
}

/** Machine types with the pages they decide for their machines, by slug. */
export function useTypes(): ReadonlyMap<string, MachineType> {
  const types = useQuery({
    queryKey: ["types"],
    queryFn: ({ signal }) => all("/api/registry/v1/types", undefined, signal),
    staleTime: 60_000,
    select: bySlug,
  });
  return types.data ?? NO_TYPES;
}

export type MachineType = Item<"/api/registry/v1/types">;
const NO_TYPES: ReadonlyMap<string, MachineType> = new Map();
const bySlug = (types: MachineType[]): ReadonlyMap<string, MachineType> => new Map(types.map((type) => [type.slug, type]));
