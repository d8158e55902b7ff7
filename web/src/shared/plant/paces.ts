/** Sensors that people read off and enter, and how often they are to. Pure. */

import type { Asset, Sensor } from "@/shared/api/types";
import { durationMs } from "@/shared/format/time";

/** Whether a sensor is one that people enter. */
export const isEntered = ({ entered_every: every }: Pick<Sensor, "entered_every">): boolean => Boolean(every);

/** Milliseconds between two readings, by path of the sensor. */
export const pacesOf = (assets: readonly Pick<Asset, "sensors">[]): ReadonlyMap<string, number> =>
  new Map(assets.flatMap(({ sensors }) => sensors.filter(isEntered).map(({ path, entered_every: every }) => [path, durationMs(every)] as const)));
