/** What the pages call alerting's shapes: alarms, rules, messages and figures. */

import type { components } from "./generated/alerting";

type Schemas = components["schemas"];

export type Severity = Schemas["Severity"];
export type AlarmState = Schemas["AlarmState"];
export type Alarm = Schemas["Alarm"];
/** One line of an alarm's journal; nobody in `by` means the process did it. */
export type Transition = Schemas["Transition"];
export type AlarmWithJournal = Schemas["AlarmWithJournal"];

/** What counts as trouble. */
export type Condition = Schemas["Condition"];
export type LevelDraft = Schemas["ConditionLevel"];
/** A number, or the name of one of the sensor's own limits. */
export type Limit = NonNullable<Condition["above"]>;
export type Scope = Schemas["ScopeDraft-Input"];
export type Rule = Schemas["RuleInForce"];
/** How far around a machine: itself, its line, area or site. */
export type Within = NonNullable<Rule["group"]>["within"];
export type RuleDraft = Schemas["RuleDraft"];

export type Channel = Schemas["Channel"];
export type ChannelDraft = Schemas["ChannelDraft"];
export type ChannelKind = Channel["kind"];
export type Notification = Schemas["Notification"];
export type NotificationState = Notification["state"];

// Forms hold all fields of what they write, as they are answered.
type Draft<Written> = Omit<Written, "id">;
export type Calendar = Schemas["Calendar"];
export type CalendarDraft = Draft<Calendar>;
export type Weekday = Calendar["hours"][number]["days"][number];
export type Policy = Schemas["Policy"];
export type PolicyDraft = Draft<Policy>;
export type GroupBy = Policy["group_by"];
export type Schedule = Schemas["Schedule"];
export type ScheduleDraft = Draft<Schedule>;
export type Layer = Schedule["layers"][number];
/** Who is on call from when to when; nobody in `member` where there is none. */
export type Shift = Schemas["ShiftOut"];
export type Override = Schemas["OverrideOut"];
export type Silence = Schemas["SilenceOut"];
export type SilenceDraft = Omit<Silence, "id" | "by" | "created_at" | "ended_at" | "ended_by" | "holds">;

/** One figure; null where there is nothing to judge, and `note` says why. */
export type Kpi = Schemas["Kpi"];
export type Rating = NonNullable<Kpi["rating"]>;
/** A rule and a sensor that it watches. */
export type Watch = Schemas["WatchOut"];
export type Offender = Schemas["OffenderOut"];
export type Kpis = Schemas["Kpis"];

/** An alarm that a rule would have raised; it goes on where `until` is null. */
export type PastAlarm = Schemas["PastAlarm"];
/** A way to write the rule otherwise, and the alarms that would have been left. */
export type RuleAdvice = Schemas["AdviceAnswer"];
export type SensorBacktest = Schemas["SensorAnswer"];
/** A rule on the past of its sensors. */
export type Backtest = Schemas["BacktestAnswer"];
