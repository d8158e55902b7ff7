/** Saved views: addresses of the pages under a name, one's own and those that others share. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { all, patch, post, remove } from "@/shared/api/http";
import type { Item } from "@/shared/api/paths";

const VIEWS = "/api/registry/v1/views";
const KEY = ["views"] as const;

export type View = Item<typeof VIEWS>;
export type ViewWish = Pick<View, "name" | "address" | "shared"> & Partial<Pick<View, "scope">>;

export const useViews = () => useQuery({ queryKey: KEY, queryFn: ({ signal }) => all(VIEWS, {}, signal), staleTime: 60_000 });

/** What one does to views; each has the list asked anew. */
export function useViewDeeds() {
  const client = useQueryClient();
  const heal = <T>(answer: T): T => {
    void client.invalidateQueries({ queryKey: KEY });
    return answer;
  };
  return {
    save: async ({ name, address, shared, scope }: ViewWish) => heal(await post(VIEWS, {}, { name, address, shared, ...(scope !== undefined && { scope }) })),
    change: async ({ id }: View, wish: Partial<ViewWish>) => heal(await patch(`${VIEWS}/{view_id}`, { view_id: id }, wish)),
    discard: async ({ id }: View) => heal(await remove(`${VIEWS}/{view_id}`, { view_id: id })),
  };
}

/** Own ones first, then those of others, by name. */
export const inOrder = (views: readonly View[]): View[] =>
  [...views].sort((a, b) => Number(b.mine) - Number(a.mine) || a.name.localeCompare(b.name));
