/** A rule judged on what is stored; anew once its author pauses, and what is no longer asked for is given up. */

import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ALERTING } from "@/shared/alerting/queries";
import { Problem, send } from "@/shared/api/http";
import type { Backtest, RuleDraft } from "@/shared/api/types";
import { timeZone } from "@/shared/format/time";
import { keyOf } from "./judged";

export interface Stretch {
  /** Epoch ms. */
  from: number;
  to: number;
}

const TYPING_MS = 700;
const KEPT_MS = 300_000;
const BUSY = 429;

/** A text once it has not changed for a while. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

async function judge(rule: RuleDraft, { from, to }: Stretch, signal: AbortSignal): Promise<Backtest> {
  const asked = { rule, from: new Date(from).toISOString(), to: new Date(to).toISOString(), tz: timeZone() };
  const answer = await send("post", `${ALERTING}/rules/backtest`, {}, { body: JSON.stringify(asked), headers: { "Content-Type": "application/json" }, signal });
  return (await answer.json()) as Backtest;
}

/** The past of a rule; undefined while it is not whole. What was found last stays while the next is on its way. */
export function usePast(rule: RuleDraft | undefined, stretch: Stretch): UseQueryResult<Backtest> & { isSettling: boolean } {
  const key = rule ? keyOf(rule) : "";
  const settled = useSettled(key);
  const query = useQuery({
    queryKey: ["backtest", settled, stretch.from, stretch.to],
    queryFn: ({ signal }) => judge({ ...(JSON.parse(settled) as RuleDraft), name: rule?.name || "?" }, stretch, signal),
    enabled: settled !== "",
    placeholderData: keepPreviousData,
    staleTime: KEPT_MS,
    // Many of these at once are refused for a moment.
    retry: (times, error) => error instanceof Problem && error.status === BUSY && times < 5,
    retryDelay: 2_000,
  });
  return { ...query, isSettling: settled !== key };
}
