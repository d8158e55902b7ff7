/** What is asked of Andon itself, every two seconds. What was answered before the connection was lost is no answer. */

import { useQuery } from "@tanstack/react-query";
import { get } from "@/shared/api/http";
import type { Readiness } from "@/shared/api/types";
import { texts } from "./texts";

const EVERY_MS = 2_000;

/** A sick system answers 503 with the same body: that is an answer, not a failure. */
async function askReadiness(signal: AbortSignal): Promise<Readiness> {
  const response = await fetch("/readyz", { signal, cache: "no-store" });
  const body = (await response.json()) as Partial<Readiness>;
  if (!body.sick) throw new Error(texts().noReadiness(response.status));
  return { status: body.status ?? "sick", sick: body.sick, recent: body.recent ?? {} };
}

const honest = <Q extends { data: unknown; error: unknown }>(query: Q): Q => (query.error ? { ...query, data: undefined } : query);

export const useReadiness = () => honest(useQuery({ queryKey: ["readyz"], queryFn: ({ signal }) => askReadiness(signal), refetchInterval: EVERY_MS, retry: false }));

export const useLedger = (enabled: boolean) => honest(useQuery({ queryKey: ["ledger"], queryFn: ({ signal }) => get("/api/ingest/v1/ledger", {}, signal), refetchInterval: EVERY_MS, enabled }));

export const useProbe = (enabled: boolean) => honest(useQuery({ queryKey: ["probe"], queryFn: ({ signal }) => get("/api/ingest/v1/probe", {}, signal), refetchInterval: EVERY_MS, enabled }));
