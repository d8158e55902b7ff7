/** Where the values of a sensor were not of good quality. */

import { useQuery } from "@tanstack/react-query";
import { get } from "@/shared/api/http";
import type { Doubt } from "@/shared/chart/lines";
import { windowOf } from "@/shared/chart/window";
import { serverNow } from "@/shared/clock";
import type { View } from "@/shared/plant/view";

const NONE: readonly Doubt[] = [];
const EVERY_MS = 15_000;

export function useDoubts(sensor: string, view: View): readonly Doubt[] {
  const query = useQuery({
    queryKey: ["doubts", sensor, view],
    queryFn: async ({ signal }): Promise<readonly Doubt[]> => {
      const { from, to } = windowOf(view, serverNow());
      const { stretches } = await get("/api/query/v1/quality", { sensor, from: Math.floor(from), to: Math.ceil(to) }, signal);
      return stretches.map(({ start, end, count }) => [start, end, count]);
    },
    placeholderData: (old) => old,
    refetchInterval: view.from === undefined ? EVERY_MS : false,
  });
  return query.data ?? NONE;
}
