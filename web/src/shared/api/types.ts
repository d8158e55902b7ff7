/** Shapes on the wire (DESIGN: contracts). Fields may be added there; none is renamed. */

export type * from "./alerting";

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
  /** Of a calculated sensor: what it follows from. */
  expression?: string;
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
  /** Which value held when, with `agg=states`; `points` is empty then. */
  states?: [start: number, end: number, value: Value][];
}

/** How long each value held within a range, exactly, whatever `/series` can show of it; the longest first. */
export interface Durations {
  sensor: string;
  /** For how long a value is known. */
  seconds: number;
  items: { value: Value; seconds: number; longest: number; times: number; share: number }[];
  /** Values beyond the first 200. */
  others: number;
}

/** A range in a handful of numbers; null where unknown. `twa` is the time-weighted mean, `good` in percent. */
export interface Stats {
  sensor: string;
  unit: string;
  count: number;
  good: number | null;
  mean: number | null;
  min: number | null;
  max: number | null;
  stddev: number | null;
  sum: number | null;
  first: number | null;
  last: number | null;
  twa: number | null;
  median: number | null;
  tier: string;
}

/** Bin i holds the values from edges[i] to before edges[i + 1]: so many samples, and for so many seconds. */
export interface Histogram {
  sensor: string;
  unit: string;
  /** `raw`, or `1m` or `1h` where the means of these are sorted into bins. */
  tier: string;
  count: number;
  edges: number[];
  counts: number[];
  seconds: number[];
  below: number;
  above: number;
}

export interface Device {
  id: string;
  name: string;
  username: string;
  scope: string;
  created: string;
  /** Since when it may no longer come in. */
  revoked: string | null;
  /** Messages and bytes it sends in a second, now, and the messages it may. */
  rate: number;
  bytes_rate: number;
  quota: number;
  /** How often it was kept out lately. */
  quarantines: number;
  quarantine: Quarantine | null;
}
/** A device that sends too much is kept out for a while; `reason` is a predicate of which it is the subject. */
export interface Quarantine {
  since: string;
  until: string;
  reason: string;
  times: number;
}
/** A device with its secret, which the registry tells this once, and the port where it comes in. */
export interface Credential extends Device {
  password: string;
  mqtt_port: number;
}

export interface Person {
  id: string;
  username: string;
  role: Role;
  scope: string;
}

export interface DeadLetter {
  id: string;
  reason: string;
  detail: string;
  source: string;
  device: string;
  at: string;
  /** Bytes of the original; `payload` may show fewer. */
  size: number;
  /** Whether all bytes were kept. */
  complete: boolean;
  payload: string;
  encoding: "utf-8" | "base64";
  /** Why it can never be replayed; empty where it can be tried. */
  obstacle: string;
}

/** Letters that cannot be used as the plant is now, for the same reason. */
export interface StillRefused {
  id: string;
  source: string;
  reason: string;
  detail: string;
  count: number;
}

/** What a replay did, or would do. */
export interface Replayed {
  replayed: number;
  still_refused: number;
  /** Why, for the first kinds of those that stay. */
  refused: StillRefused[];
  next_cursor: string | null;
}

export interface Readiness {
  status: "ready" | "sick";
  /** `service: neighbour` -> what is wrong. */
  sick: Record<string, string>;
  /** Process -> what happened to it within the last minute: `started anew 5 s ago`. */
  recent?: Record<string, string>;
}

export type Role = "viewer" | "operator" | "engineer" | "admin";

export interface Hop {
  name: "measured" | "arrived" | "published" | "stored";
  at: string;
  /** Milliseconds since the hop before. */
  after_ms: number | null;
}

/** One message that a stored value came by. */
export interface TracedMessage {
  source: "mqtt" | "http" | "replay" | "import" | "calculated" | "platform";
  /** Whether it is the newest of them, so that its value is the one that is stored. */
  counts: boolean;
  /** Who speaks for the machine now; MQTT does not tell who sent. */
  devices: string[];
  by: string;
  topic: string;
  payload: string;
  encoding: "utf-8" | "base64";
  size: number;
  rule: string;
  form: string;
  value: Value | null;
  names_time: boolean;
  /** Number of its batch in the stream TELEMETRY. */
  sequence: number;
  hops: Hop[];
}

/** Where one value came from. */
export interface Trace {
  sensor: string;
  ts: string;
  value: Value | null;
  items: TracedMessage[];
  complete: boolean;
  kept_since: string | null;
  /** Of a calculated sensor, which no message brings. */
  expression: string;
  follows_from: string[];
}
