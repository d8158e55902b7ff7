/** What the alarm list shows, as it stands in the address. */

import { SEVERITIES } from "@/shared/plant/condition";
import { isBelow } from "@/shared/plant/tree";
import type { Alarm, Severity } from "@/shared/api/types";

/** Alarms that ask for something are the first tab, and stand in no address. */
export const TABS = ["shelved", "suppressed", "out-of-service", "history", "all"] as const;
export type Tab = (typeof TABS)[number];
export const STATES = ["unacknowledged", "acknowledged", "returned", "latched"] as const;

export interface AlarmFilter {
  tab?: Tab | undefined;
  state?: (typeof STATES)[number] | undefined;
  severity?: Severity | undefined;
  /** Plant path; only alarms at or below it. */
  under?: string | undefined;
  /** Only those assigned to whoever looks. */
  mine?: true | undefined;
  /** The alarm whose dialog is open. */
  alarm?: string | undefined;
}

export function readFilter(search: Record<string, unknown>): AlarmFilter {
  const filter: AlarmFilter = {};
  const tab = TABS.find((t) => t === search["tab"]);
  if (tab) filter.tab = tab;
  const severity = SEVERITIES.find((s) => s === search["severity"]);
  if (severity) filter.severity = severity;
  const state = STATES.find((s) => s === search["state"]);
  if (state) filter.state = state;
  if (typeof search["under"] === "string" && search["under"]) filter.under = search["under"];
  if (search["mine"] === true) filter.mine = true;
  // An id of digits alone reads as a number from an address.
  if (search["alarm"]) filter.alarm = String(search["alarm"]);
  return filter;
}

/** Whether the filter lets an alarm through; `me` is whoever looks. */
export const passes = ({ state, severity, under = "", mine }: AlarmFilter, alarm: Alarm, me = ""): boolean =>
  (!state || alarm.state === state) && (!severity || alarm.severity === severity) && (!mine || alarm.assigned_to === me) && isBelow(alarm.sensor, under);

/** The same, as alerting is asked for alarms that are not in the list of open ones. */
export const queryOf = ({ tab, severity, under, mine }: AlarmFilter, me: string): Record<string, string | undefined> => ({
  state: tab === "history" ? "normal" : (tab ?? "open"),
  severity,
  under,
  assigned_to: mine ? me : undefined,
});

export interface Slice<T> {
  items: T[];
  /** Counted from 0; within what there is. */
  page: number;
  pages: number;
}

/** One page of a long list; a page that is no longer there becomes the last one. */
export function sliceOf<T>(items: readonly T[], page: number, size: number): Slice<T> {
  const pages = Math.max(1, Math.ceil(items.length / size));
  const at = Math.min(Math.max(0, page), pages - 1);
  return { items: items.slice(at * size, (at + 1) * size), page: at, pages };
}
