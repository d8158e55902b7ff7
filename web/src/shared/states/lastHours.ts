/** What states and switches said in the last hours, asked for together by all that are on screen. */

import { useQuery } from "@tanstack/react-query";
import { seriesOfMany } from "@/shared/api/series";
import type { Series } from "@/shared/api/types";
import { useCell } from "@/shared/live/hooks";
import { Gathered } from "@/shared/plant/gathered";

export const LAST_HOURS_MS = 8 * 3_600_000;
const AT_ONCE = 20;
const GATHER_MS = 30;
/** More than a strip has pixels. */
const POINTS = 1_500;
const AGAIN_MS = 60_000;

type States = NonNullable<Series["states"]>;

const gathered = new Gathered<States>(AT_ONCE, GATHER_MS, async (sensors) => {
  const found = new Map<string, States>(sensors.map((sensor) => [sensor, []]));
  for (const { sensor, states } of await seriesOfMany(sensors, { from: "-8h", points: POINTS, agg: "states" })) found.set(sensor, states ?? []);
  return found;
});

/** `[start, end, value]` of each stretch, epoch ms; undefined while it is on its way. A changed word asks anew. */
export function useLastHours(sensor: string): States | undefined {
  const cell = useCell(sensor);
  return useQuery({
    queryKey: ["last hours", sensor, String(cell?.value)],
    queryFn: () => gathered.ask(sensor),
    refetchInterval: AGAIN_MS,
    structuralSharing: false,
    placeholderData: (old) => old,
    gcTime: 0,
  }).data;
}
