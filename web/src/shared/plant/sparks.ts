/** The last ten minutes of numbers, asked for in as few requests as the service allows, whoever wants them. */

import { useQuery } from "@tanstack/react-query";
import { seriesOfMany } from "@/shared/api/series";
import { useFeed } from "@/shared/live/hooks";
import type { Spark } from "@/shared/ui/Sparkline";
import { Gathered } from "./gathered";

export const SPARK_MS = 600_000;
/** As many sensors as one request takes. */
const AT_ONCE = 20;
const POINTS = 150;
/** So long whoever asks first waits for others that are drawn at the same time. */
const GATHER_MS = 30;

const gathered = new Gathered<Spark>(AT_ONCE, GATHER_MS, async (sensors) => {
  const found = new Map<string, Spark>(sensors.map((sensor) => [sensor, []]));
  for (const { sensor, points } of await seriesOfMany(sensors, { from: "-10m", points: POINTS })) {
    found.set(sensor, points.filter((p): p is [number, number] => typeof p[1] === "number"));
  }
  return found;
});

/** Stored history of one number; nothing while it is on its way. */
export function useSpark(sensor: string): Spark | undefined {
  const { opened } = useFeed();
  return useQuery({
    queryKey: ["spark", sensor, opened],
    queryFn: () => gathered.ask(sensor),
    staleTime: 60_000,
    refetchInterval: 300_000,
    structuralSharing: false,
    placeholderData: (old) => old,
  }).data;
}
