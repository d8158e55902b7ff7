/** Words that the states of a machine have said within a month, for choosing among them. */

import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { get } from "@/shared/api/http";
import type { Sensor } from "@/shared/api/types";

const MOST = 8;
const STALE_MS = 300_000;

/** By path of the sensor, what it said longest first. */
export function useKnown(sensors: readonly Sensor[]): (path: string) => readonly string[] {
  const states = useMemo(() => sensors.filter(({ datatype }) => datatype === "string"), [sensors]);
  const answers = useQueries({
    queries: states.map(({ path }) => ({
      queryKey: ["known words", path],
      queryFn: ({ signal }: { signal: AbortSignal }) => get("/api/query/v1/durations", { sensor: path, from: "-30d", to: "now" }, signal),
      staleTime: STALE_MS,
      retry: false,
    })),
  });
  const known = new Map(states.map(({ path }, i) => [path, (answers[i]?.data?.items ?? []).flatMap(({ value }) => (typeof value === "string" ? [value] : [])).slice(0, MOST)]));
  return (path) => known.get(path) ?? [];
}
