/** What the alarm list shows, as it stands in the address. */

import type { Severity } from "@/shared/api/types";

export type Tab = "open" | "history";

export interface AlarmFilter {
  tab?: Tab | undefined;
  state?: string | undefined;
  severity?: Severity | undefined;
  /** Plant path; only alarms at or below it. */
  under?: string | undefined;
}

export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low"];
export const STATES = ["unacknowledged", "acknowledged", "returned", "shelved", "suppressed", "out-of-service", "latched"] as const;

export function readFilter(search: Record<string, unknown>): AlarmFilter {
  const filter: AlarmFilter = {};
  if (search["tab"] === "history") filter.tab = "history";
  const severity = SEVERITIES.find((s) => s === search["severity"]);
  if (severity) filter.severity = severity;
  const state = STATES.find((s) => s === search["state"]);
  if (state) filter.state = state;
  if (typeof search["under"] === "string" && search["under"]) filter.under = search["under"];
  return filter;
}
