/** What the page writes: places of the plant. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { get, patch, post, remove } from "@/shared/api/http";
import type { Asset, Kind } from "@/shared/api/types";
import { requireSame } from "@/shared/model/meanwhile";
import type { AssetChange } from "./place";

const ASSETS = "/api/registry/v1/assets";
const EDITED = ["name", "type", "labels", "sensors", "documents"] as const;

/** The plant as it is now, for every page. */
export function useRefresh(): () => Promise<unknown> {
  const client = useQueryClient();
  return () => Promise.all([client.invalidateQueries({ queryKey: ["plant"] }), client.invalidateQueries({ queryKey: ["types"] })]);
}

/** Keep a change of a place, unless somebody else was faster. */
export function useSaving(seen: Asset, onSaved: (now: Asset) => void) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (change: AssetChange): Promise<Asset> => {
      requireSame<Asset>(seen, await get(`${ASSETS}/{name}`, { name: seen.id }), EDITED);
      return patch(`${ASSETS}/{name}`, { name: seen.id }, change);
    },
    onSuccess: async (now) => { await refresh(); onSaved(now); },
  });
}

export interface NewPlace {
  parent: string;
  kind: Kind;
  slug: string;
  name: string;
  type: string;
}

export async function addPlace({ type, ...place }: NewPlace): Promise<Asset> {
  return post(ASSETS, {}, { ...place, ...(type && { type }) });
}

export async function removePlace(id: string): Promise<void> {
  await remove(`${ASSETS}/{name}`, { name: id });
}
