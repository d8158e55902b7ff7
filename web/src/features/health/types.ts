/** What ingest tells of itself: the ledger, and how long a reading takes. */

import type { components } from "@/shared/api/generated/ingest";

type Schemas = components["schemas"];

/** Devices with the same part of the plant share a line; `device` is empty where none speaks for the place. */
export type DeviceLine = Schemas["DeviceLine"];
/** `machine` is a path, or a topic that names none. */
export type MachineLine = Schemas["MachineLine"];
/** Messages: received = published + dead_lettered + duplicate + retained; readings are those of the published ones. */
export type Counts = Omit<DeviceLine, "device" | "device_ids" | "scope" | "machines">;
/** What one ingest counted since its start. */
export type Account = Schemas["Instance"];
export type Ledger = Schemas["LedgerView"];
/** Seconds until a canary is there: of the last one, and median and 99th percentile of 5 minutes. */
export type HopTimes = Schemas["HopView"];
export type Probe = Schemas["ProbeView"];
export type Hop = "broker" | "stored" | "live";
