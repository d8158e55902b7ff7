/** What the pages call the services' shapes, which are made of the OpenAPI documents (`npm --prefix web run api`). */

import type { components as Ingest } from "./generated/ingest";
import type { components as Query } from "./generated/query";
import type { components as Registry } from "./generated/registry";

export type * from "./alerting";

type FromRegistry = Registry["schemas"];
type FromIngest = Ingest["schemas"];
type FromQuery = Query["schemas"];

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

export type Asset = FromRegistry["AssetOut"];
export type Kind = Asset["kind"];
export type Sensor = FromRegistry["SensorOut"];
export type Datatype = Sensor["datatype"];
/** Alarm limits in the sensor's unit: low-low, low, high, high-high. */
export type Limits = Partial<FromRegistry["LimitsOut"]>;
export type Device = FromRegistry["DeviceOut"];
/** A device with its secret, which the registry tells this once, and the port where it comes in. */
export type Credential = FromRegistry["Credential"];
export type Person = FromRegistry["PersonOut"];
export type Role = Person["role"];

export type Latest = FromQuery["LatestSample"];
export type Value = Latest["value"];
export type Quality = Latest["quality"];
/** How long each value held within a range, exactly, whatever `/series` can show of it; the longest first. */
export type Durations = FromQuery["Durations"];
/** A range in a handful of numbers; null where unknown. `twa` is the time-weighted mean, `good` in percent. */
export type Stats = FromQuery["Stats"];
/** Bin i holds the values from edges[i] to before edges[i + 1]: so many samples, and for so many seconds. */
export type Histogram = FromQuery["Histogram"];
/** History of one sensor by one aggregate: every value (`raw`), or bucket means with the envelope of the same buckets. */
export interface Series extends Omit<FromQuery["SeriesAnswer"], "points" | "tier"> {
  // Of several aggregates at once a point has a value for each; `series.ts` asks for one.
  points: [ts: number, value: Value][];
}

export type DeadLetter = FromIngest["DeadLetterView"];
/** Letters that cannot be used as the plant is now, for the same reason. */
export type StillRefused = FromIngest["StillRefused"];
/** What a replay did, or would do. */
export type Replayed = FromIngest["Outcome"];
export type Hop = FromIngest["Hop"];
/** One message that a stored value came by. */
export type TracedMessage = FromIngest["MessageView"];
/** Where one value came from. */
export type Trace = FromIngest["TraceView"];

/** What /readyz tells of the whole; it is asked without a token, beside the documents of the services. */
export interface Readiness {
  status: "ready" | "sick";
  /** `service: neighbour` -> what is wrong. */
  sick: Record<string, string>;
  /** Process -> what happened to it within the last minute: `started anew 5 s ago`. */
  recent?: Record<string, string>;
}
