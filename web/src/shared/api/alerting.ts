/** Shapes of alarms, rules, messages and figures on the wire. */

import type { Value } from "./types";

export type Severity = "low" | "medium" | "high" | "critical";
export type AlarmState =
  | "unacknowledged"
  | "acknowledged"
  | "returned"
  | "normal"
  | "shelved"
  | "suppressed"
  | "out-of-service"
  | "latched";

export interface Alarm {
  id: string;
  rule: string;
  rule_name: string;
  sensor: string;
  asset: string;
  asset_name?: string;
  unit: string;
  state: AlarmState;
  active: boolean;
  severity: Severity;
  /** Of a rule with several levels, the most severe one that is active: `hh`. */
  level?: string;
  levels?: string[];
  since: string;
  value: Value | null;
  limit: number | null;
  message: string;
  /** It was over, or long there, when it was judged: nobody was called. */
  late?: boolean;
  acknowledged?: boolean;
  acknowledged_by?: string | null;
  acknowledged_at?: string | null;
  comment?: string | null;
  cleared_at?: string | null;
  /** It stays until it is reset. */
  latched?: boolean;
  group?: string | null;
  /** Of the alarms of its group it came first. */
  first_out?: boolean;
  shelved_until?: string | null;
  shelved_by?: string | null;
  shelved_reason?: string | null;
  suppressed_by?: string | null;
  /** The machine whose alarm explains it; null where one may not see that. */
  parent_asset?: string | null;
  out_of_service?: boolean;
  service_reason?: string | null;
  assigned_to?: string | null;
  cause?: string;
  consequence?: string;
  action?: string;
}

export type AlarmEvent =
  | "raised" | "escalated" | "eased" | "cleared" | "current" | "acknowledged" | "realarmed" | "reset" | "shelved" | "unshelved"
  | "suppressed" | "released" | "out-of-service" | "in-service" | "commented" | "assigned" | "closed";

/** One line of an alarm's journal; nobody in `by` means the process did it. */
export interface Transition {
  number: number;
  event?: AlarmEvent;
  from: AlarmState;
  to: AlarmState;
  severity?: Severity;
  at: string;
  late?: boolean;
  value: number | null;
  by: string | null;
  comment: string | null;
}
export interface AlarmWithJournal extends Alarm {
  transitions: Transition[];
}
/** Alarms that ask for something; `states` counts hidden ones, too. */
export interface AlarmSummary {
  open: number;
  severities: Record<Severity, number>;
  states: Partial<Record<AlarmState, number>>;
}

/** A number, or the name of one of the sensor's own limits. */
export type Limit = number | string;
export interface LevelDraft {
  above?: Limit;
  below?: Limit;
  outside?: [Limit, Limit];
  name?: string;
  severity?: Severity;
  deadband?: number;
  on_delay?: string;
  off_delay?: string;
}
/** What counts as trouble; alerting knows more words than these, and says which are wrong. */
export interface Condition extends Omit<LevelDraft, "name" | "severity" | "deadband" | "on_delay" | "off_delay"> {
  levels?: LevelDraft[];
  equals?: Value | Value[];
  silent?: string;
  [word: string]: unknown;
}

export interface Scope {
  sensor: string;
  type?: string | null;
  under?: string | null;
  labels?: Record<string, string>;
}
/** How far around a machine: itself, its line, area or site. */
export type Within = "machine" | "line" | "area" | "site";

export interface RuleDraft {
  name: string;
  scope: Scope;
  condition: Condition;
  deadband: number;
  on_delay: string;
  off_delay: string;
  minimum?: string;
  repeat?: number;
  severity: Severity;
  channels: string[];
  policy?: string | null;
  /** An expression of sensors; while it is false the rule is suppressed. */
  active_when?: string | null;
  /** Calendars; outside of all of them the rule is suppressed. */
  active_during?: string[];
  suppressed_by?: { rule: string; within: Within } | null;
  group?: { name: string; within: Within } | null;
  latch?: boolean;
  realarm?: string | null;
  cause?: string;
  consequence?: string;
  action?: string;
  enabled?: boolean;
}
export interface Rule extends RuleDraft {
  id: string;
  /** Sensors it watches just now; null while alerting does not know the plant. */
  watches?: number | null;
  /** It watches Andon itself. */
  system?: boolean;
}

export type ChannelKind = "email" | "webhook" | "push" | "apprise";
export interface ChannelDraft {
  name: string;
  kind: ChannelKind;
  target: string;
  /** Channel that is used when this one does not deliver. */
  fallback?: string | null;
}
export interface Channel extends ChannelDraft {
  id: string;
  /** What a webhook's messages are signed with; told once, when it is made. */
  secret?: string | null;
}

export type NotificationState = "pending" | "sending" | "sent" | "failed" | "merged" | "muted" | "superseded";
export interface Notification {
  id: number;
  channel: string;
  asset?: string;
  message: string;
  /** `called`, `over`, `digest`, or what else happened to the alarm, like `eased`. */
  event?: string;
  state: NotificationState;
  /** Why it was not told. */
  reason?: string | null;
  attempts: number;
  /** Of the policy; 0 for what a rule's own channels are told. */
  step?: number;
  repeat?: number;
  created_at: string;
  next_at: string | null;
  sent_at?: string | null;
  error: string | null;
  stands_in?: string | null;
  alarms?: number;
}
/** What was told of one alarm, and whom its policy calls next. */
export interface AlarmNotifications {
  items: Notification[];
  next_call: { policy: string; step: number; repeat: number; due: string } | null;
}

export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
export interface CalendarDraft {
  name: string;
  zone: string;
  hours: { days: Weekday[]; start: string; end: string }[];
  /** Days on which no hours begin. */
  closed: string[];
}
export interface Calendar extends CalendarDraft {
  id: string;
}

export type GroupBy = "none" | "rule" | "machine" | "line";
export interface PolicyDraft {
  name: string;
  /** Who is told, channels or schedules, and how long after the alarm asked for attention. */
  steps: { after: string; to: string[] }[];
  repeat: string | null;
  repeats: number;
  quiet: { calendar: string; below: Severity } | null;
  group_by: GroupBy;
  group_wait: string;
}
export interface Policy extends PolicyDraft {
  id: string;
}

export interface Layer {
  /** Channels, in order of their turns. */
  members: string[];
  start: string;
  every: string;
  /** A calendar; outside of it this layer says nothing. */
  hours: string | null;
}
export interface ScheduleDraft {
  name: string;
  zone: string;
  /** Later ones go before earlier ones. */
  layers: Layer[];
}
export interface Schedule extends ScheduleDraft {
  id: string;
}
/** Who is on call from when to when; nobody in `member` where there is none. */
export interface Shift {
  member: string | null;
  from: string;
  to: string;
}
export interface Override {
  id: string;
  member: string;
  from: string;
  to: string;
  by: string;
}

export interface SilenceDraft {
  kind: "silence" | "maintenance";
  under: string;
  rule: string | null;
  below: Severity | null;
  from: string;
  to: string;
  weekly: boolean;
  zone: string;
  until: string | null;
  reason: string;
}
export interface Silence extends SilenceDraft {
  id: string;
  by: string;
  created_at: string;
  ended_at: string | null;
  ended_by: string | null;
  /** Whether it silences just now. */
  holds: boolean;
}

export interface Subscription {
  id: string;
  person: string;
  /** Host of the browser's push service. */
  service: string;
  created_at: string;
}

export type Rating = "good" | "fair" | "poor";
/** One figure; null where there is nothing to judge, and `note` says why. */
export interface Kpi {
  name: string;
  title: string;
  value: number | null;
  unit: string;
  target: string;
  source: string;
  met: boolean | null;
  rating: Rating | null;
  note: string;
}
export interface Watch {
  rule: string;
  rule_name: string;
  sensor: string;
  asset_name: string;
}
export interface Offender extends Watch {
  count: number;
  /** Percent of all annunciations. */
  share: number;
  chatter: number;
  fleeting: number;
  stale_seconds: number;
  median_active: number | null;
  median_acknowledge: number | null;
  unanswered: number;
  suggestion: string;
}
export interface Kpis {
  start: string;
  end: string;
  under: string;
  annunciations: number;
  late: number;
  unseen: number;
  watches: number;
  kpis: Kpi[];
  priorities: Record<Severity, number>;
  floods: { start: string; end: string; seconds: number; count: number; over: boolean }[];
  flood_count: number;
  offenders: Offender[];
  time_to_acknowledge: Record<string, { count: number; median: number | null; p90: number | null; unanswered: number }>;
  hidden: Record<string, number>;
  hidden_longest: (Watch & { state: AlarmState; since: string; seconds: number })[];
  pairs: { leader: Watch; follower: Watch; count: number; share: number }[];
  /** Per bucket: epoch ms at which it begins, then how many low, medium, high and critical ones. */
  chart: { resolution: string; points: [number, number, number, number, number][] };
}

/** An alarm that a rule would have raised; it goes on where `until` is null. */
export interface PastAlarm {
  since: string;
  until: string | null;
  seconds: number;
  level: string;
  severity: Severity;
  message: string;
}
/** A way to write the rule otherwise, and the alarms that would have been left. */
export interface RuleAdvice {
  change: { deadband?: number; on_delay?: string; off_delay?: string };
  alarms_before: number;
  alarms: number;
  /** Alarms of over a minute that would not have been raised. */
  lost: number;
  recommended: boolean;
  text: string;
}
export interface SensorBacktest {
  sensor: string;
  count: number;
  active_seconds: number;
  longest_seconds: number;
  flaps: number;
  fleeting: number;
  samples: number;
  /** The newest ones. */
  alarms: PastAlarm[];
  advice: RuleAdvice[];
}
/** A rule on the past of its sensors. */
export interface Backtest {
  from: string;
  to: string;
  count: number;
  samples: number;
  sensors: SensorBacktest[];
}
