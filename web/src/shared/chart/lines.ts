/** What a chart is asked to show. */

import type { Limits } from "@/shared/api/types";
import type { View } from "@/shared/plant/view";
import type { Sight } from "./sight";
import type { SpannedAlarm } from "./spans";
import type { Track } from "./track";

export interface Line {
  key: string;
  track: Track;
  /** Key of its value axis. */
  axis: string;
  /** One of the line colours; undefined is the one of a line that is alone. */
  colour?: number | undefined;
  dash: number;
  /** Whether its extent is drawn behind it. */
  band: boolean;
  /** Of an earlier period, laid under this one. */
  thin?: boolean;
}

export interface ValueAxis {
  key: string;
  /** As people write it. */
  unit: string;
  /** Whether it says its unit; where a title does, it need not. */
  named?: boolean;
  /** Drawn where there is one axis; kept in view with `withLimits`. */
  limits?: Limits;
}

/** A stretch of values that were not of good quality, and how many. */
export type Doubt = readonly [from: number, to: number, count: number];

export interface Shown {
  lines: readonly Line[];
  axes: readonly ValueAxis[];
  view: View;
  sight: Sight;
  withLimits: boolean;
  alarms: readonly SpannedAlarm[];
  /** Where values were not of good quality. */
  doubts: readonly Doubt[];
  /** What stands in a chart without a value; '' while it is loading. */
  empty: string;
  /** Room at the right, CSS pixels, where charts above one another must end together; else as much as its limits' names need. */
  right?: number;
  /** Whether its time axis is named: of charts above one another the lowest one's. */
  times: boolean;
}
