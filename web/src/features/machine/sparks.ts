/** The last ten minutes of a machine's numbers, in as few requests as the service allows. */

import { useQuery } from "@tanstack/react-query";
import { seriesOfMany } from "@/shared/api/series";
import type { Sensor } from "@/shared/api/types";
import { useFeed } from "@/shared/live/hooks";
import type { Spark } from "@/shared/ui/Sparkline";

export const SPARK_MS = 600_000;
const AT_ONCE = 20;
const POINTS = 150;

async function fetchSparks(sensors: readonly string[], signal: AbortSignal): Promise<Map<string, Spark>> {
  const found = new Map<string, Spark>();
  for (let i = 0; i < sensors.length; i += AT_ONCE) {
    const names = sensors.slice(i, i + AT_ONCE);
    for (const { sensor, points } of await seriesOfMany(names, { from: "-10m", points: POINTS }, signal)) {
      found.set(sensor, points.filter((p): p is [number, number] => typeof p[1] === "number"));
    }
  }
  return found;
}

export function useSparks(sensors: readonly Sensor[]): ReadonlyMap<string, Spark> {
  const { opened } = useFeed();
  const names = sensors.filter((s) => s.datatype === "float").map((s) => s.path);
  const query = useQuery({
    queryKey: ["sparks", names, opened],
    queryFn: ({ signal }) => fetchSparks(names, signal),
    enabled: names.length > 0,
    staleTime: 60_000,
    refetchInterval: 300_000,
    structuralSharing: false,
    placeholderData: (old) => old,
  });
  return query.data ?? new Map();
}
