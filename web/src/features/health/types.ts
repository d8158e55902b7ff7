/** What ingest tells of itself: the ledger, and how long a reading takes. */

/** Messages: received = published + dead_lettered + duplicate + retained; readings are those of the published ones. */
export interface Counts {
  received: number;
  published: number;
  dead_lettered: number;
  duplicate: number;
  retained: number;
  readings: number;
  stored: number;
  refused: number;
  lost: number;
  in_flight: number;
  /** Numbers the device gave that never came; null where it does not number. */
  missing: number | null;
  last: string | null;
}

/** Devices with the same part of the plant share a line. */
export interface DeviceLine extends Counts {
  /** Empty where no device speaks for the place. */
  device: string;
  device_ids: string[];
  scope: string | null;
  machines: number;
}

export interface MachineLine extends Counts {
  /** Path of the machine, or a topic that names none. */
  machine: string;
  known: boolean;
  device: string;
  /** First and last missing number, of the device's present start. */
  gaps: [number, number][];
}

/** What one ingest counted since its start. */
export interface Account {
  instance: string;
  since: string;
  intake: { received: number; published: number; dead_lettered: number; duplicate: number; retained: number; in_hand: number; readings: number };
  store: { received: number; stored: number; dead_lettered: number; in_hand: number };
  unexplained: number;
}

export interface Ledger {
  balanced: boolean;
  /** What does not add up, in sentences. */
  problems: string[];
  since: string | null;
  unexplained: number;
  lost: number;
  missing: number;
  batches_waiting: number;
  broker: { waiting: number; lost: number; detail: string };
  instances: Account[];
  items: DeviceLine[];
}

export type Hop = "broker" | "stored" | "live";

/** Seconds until a canary is there: of the last one, and median and 99th percentile of 5 minutes. */
export interface HopTimes {
  last: number | null;
  p50: number | null;
  p99: number | null;
  lost: number;
}

export interface Probe {
  /** Of the last canary that came everywhere. */
  at: string | null;
  age_seconds: number | null;
  /** Where none comes; empty when all is well. */
  trouble: string;
  hops: Partial<Record<Hop, HopTimes>>;
}
