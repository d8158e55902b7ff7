/** What the alarm list shows, as it stands in the address. */

import { SEVERITIES } from "@/shared/plant/condition";
import { isBelow } from "@/shared/plant/tree";
import type { Alarm, Severity } from "@/shared/api/types";

export type Tab = "open" | "history";

export interface AlarmFilter {
  tab?: Tab | undefined;
  state?: (typeof STATES)[number] | undefined;
  severity?: Severity | undefined;
  /** Plant path; only alarms at or below it. */
  under?: string | undefined;
}

export const STATES = ["unacknowledged", "acknowledged", "returned"] as const;

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

/** Whether the filter lets an alarm through. */
export const passes = ({ state, severity, under = "" }: AlarmFilter, alarm: Alarm): boolean =>
  (!state || alarm.state === state) && (!severity || alarm.severity === severity) && isBelow(alarm.sensor, under);
