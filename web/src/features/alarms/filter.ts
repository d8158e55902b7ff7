/** What the alarm list shows, as it stands in the address. Pure. */

import { plainText } from "@/shared/alarms/words";
import type { Alarm, Severity } from "@/shared/api/types";
import { momentMs } from "@/shared/format/moment";
import { SEVERITIES } from "@/shared/plant/condition";
import { isBelow } from "@/shared/plant/tree";

/** Alarms that ask for something are the first tab, and stand in no address. */
export const TABS = ["shelved", "suppressed", "out-of-service", "history", "all"] as const;
export type Tab = (typeof TABS)[number];
export const STATES = ["unacknowledged", "acknowledged", "returned", "latched"] as const;

export interface AlarmFilter {
  tab?: Tab | undefined;
  state?: (typeof STATES)[number] | undefined;
  severity?: Severity | undefined;
  /** A rule's id. */
  rule?: string | undefined;
  /** Plant path; only alarms at or below it. */
  under?: string | undefined;
  /** Words, each of which the alarm has somewhere. */
  text?: string | undefined;
  /** Only those assigned to whoever looks. */
  mine?: true | undefined;
  /** When they came, where closed ones are listed: `-24h`, or a date. */
  from?: string | undefined;
  to?: string | undefined;
  /** The alarm whose dialog is open. */
  alarm?: string | undefined;
}

const LONGEST_TEXT = 200;
/** As the address has it: an id or a year of digits alone is read as a number from there. */
const textOf = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value).slice(0, LONGEST_TEXT) : "");
const isTime = (text: string): boolean => Number.isFinite(momentMs(text, 0));

/** A filter from search parameters; what makes no sense is dropped instead of hiding alarms. */
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
  for (const name of ["rule", "text", "alarm"] as const) if (textOf(search[name])) filter[name] = textOf(search[name]);
  for (const name of ["from", "to"] as const) if (isTime(textOf(search[name]))) filter[name] = textOf(search[name]);
  return filter;
}

/** How much narrows the list; the tab and the time are no filters. */
export const narrowings = ({ state, severity, rule, under, text, mine }: AlarmFilter): number =>
  [state, severity, rule, under, text, mine].filter(Boolean).length;

/** The filter without all that narrows it. */
export const widened = ({ tab, from, to }: AlarmFilter): AlarmFilter => ({ ...(tab && { tab }), ...(from && { from }), ...(to && { to }) });

/** Whether an alarm has every word somewhere: in its sentence, its rule, its place or its people. */
export function says(text: string, alarm: Alarm): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const all = [plainText(alarm), alarm.rule_name, alarm.sensor, alarm.asset_name, alarm.assigned_to, alarm.acknowledged_by, alarm.comment].join(" ").toLowerCase();
  return words.every((word) => all.includes(word));
}

/** Whether the filter lets an alarm through; `me` is whoever looks. */
export const passes = ({ state, severity, rule, under = "", text = "", mine }: AlarmFilter, alarm: Alarm, me = ""): boolean =>
  (!state || alarm.state === state) && (!severity || alarm.severity === severity) && (!rule || alarm.rule === rule) &&
  (!mine || alarm.assigned_to === me) && isBelow(alarm.sensor, under) && says(text, alarm);

type Asked = "normal" | "all" | "open" | "shelved" | "suppressed" | "out-of-service";
const ASKED: Record<Tab, Asked> = { shelved: "shelved", suppressed: "suppressed", "out-of-service": "out-of-service", history: "normal", all: "all" };

/** Whether a tab has alarms that are over, of which there are ever more. */
export const isPast = (tab: Tab | undefined): boolean => tab === "history" || tab === "all";

/** The same, as alerting is asked for alarms that are not in the list of open ones; it knows nothing of `text`. */
export const queryOf = ({ tab, severity, rule, under, mine, from, to }: AlarmFilter, me: string) => ({
  state: tab ? ASKED[tab] : "open" as const,
  severity: severity && [severity],
  rule,
  under,
  assigned_to: mine ? me : undefined,
  // What is hidden is hidden now, whenever it came.
  ...(isPast(tab) && { from: instantText(from), to: instantText(to) }),
});

/** As alerting reads it: a local date becomes the instant it stands for. */
const instantText = (text: string | undefined): string | undefined => (!text || text === "now" ? undefined : text.startsWith("-") ? text : new Date(momentMs(text, 0)).toISOString());
