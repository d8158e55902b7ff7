/** Shapes on the wire (DESIGN: contracts). Fields may be added there; none is renamed. */

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

export type Kind = "site" | "area" | "line" | "machine";
export type Datatype = "float" | "bool" | "string";
export type Value = number | boolean | string;
export type Quality = "good" | "uncertain" | "bad" | "stale";

/** Alarm limits in the sensor's unit: low-low, low, high, high-high. */
export interface Limits {
  ll?: number | null;
  l?: number | null;
  h?: number | null;
  hh?: number | null;
}

export interface Sensor {
  key: string;
  path: string;
  name: string;
  unit: string;
  datatype: Datatype;
  limits: Limits;
  decimals: number;
}

export interface Asset {
  id: string;
  path: string;
  kind: Kind;
  slug: string;
  name: string;
  type?: string;
  labels?: Record<string, string>;
  sensors?: Sensor[];
}

export interface Latest {
  sensor: string;
  ts: number;
  value: Value;
  unit: string;
  quality: Quality;
}

/** History of one sensor: every value (`raw`), or bucket means with the envelope of the same buckets. */
export interface Series {
  sensor: string;
  unit: string;
  /** `raw`, or the width of a bucket as a duration: `30s`. */
  resolution: string;
  agg: string;
  points: [ts: number, value: Value][];
  envelope?: [ts: number, min: number, max: number][];
}

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
  unit: string;
  state: AlarmState;
  active: boolean;
  severity: Severity;
  since: string;
  value: Value | null;
  limit: number | null;
  message: string;
  acknowledged_by?: string | null;
  acknowledged_at?: string | null;
  comment?: string | null;
  cleared_at?: string | null;
}

export type Condition = { above: number } | { below: number } | { outside: [number, number] };

export interface Scope {
  sensor: string;
  type?: string;
  under?: string;
}

export interface RuleDraft {
  name: string;
  scope: Scope;
  condition: Condition;
  deadband: number;
  on_delay: string;
  off_delay: string;
  severity: Severity;
  channels: string[];
}
export interface Rule extends RuleDraft {
  id: string;
}

export interface ChannelDraft {
  name: string;
  kind: "email" | "webhook" | "push" | "apprise";
  target: string;
}
export interface Channel extends ChannelDraft {
  id: string;
}

export interface Device {
  id: string;
  name: string;
  username: string;
  scope: string;
  created_at?: string;
  revoked_at?: string | null;
}
export interface NewDevice {
  id: string;
  username: string;
  password: string;
}

export interface Person {
  id: string;
  username: string;
  name?: string;
  role: Role;
  scope: string;
}

export interface DeadLetter {
  id: string;
  reason: string;
  detail: string;
  source: string;
  device?: string | null;
  at: string;
  payload: string;
}

export interface Readiness {
  status: "ready" | "sick";
  sick: Record<string, string>;
}

export type Role = "viewer" | "operator" | "engineer" | "admin";
