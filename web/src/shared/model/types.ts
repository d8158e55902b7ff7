/** Machine types for those who edit: whether they are known yet matters there. */

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { all } from "@/shared/api/http";
import { plainOf, type Plain } from "./sensors";

export const TYPES = ["types"] as const;
export const TYPES_URL = "/api/registry/v1/types";

export const useTypeList = () => useQuery({ queryKey: TYPES, queryFn: ({ signal }) => all(TYPES_URL, undefined, signal), staleTime: 60_000 });

/** Sensors of each type, by slug; undefined until they are known: a machine's own cannot be told apart before. */
export function useTypeSensors(): ReadonlyMap<string, readonly Plain[]> | undefined {
  const types = useTypeList().data;
  return useMemo(() => types && new Map(types.map(({ slug, sensors }) => [slug, sensors.map(plainOf)])), [types]);
}
