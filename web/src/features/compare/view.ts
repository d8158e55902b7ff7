/** What the comparison shows, as it stands in the address: sensors, time, an earlier period, how charts lie, a pair. Pure. */

import { isStretch, readView, type View } from "@/shared/plant/view";

/** More no one can tell apart, and the query service answers no more at once. */
export const MOST_SENSORS = 20;
const LONGEST_PATH = 500;

/** All in one chart, or charts above one another: one for each unit, or for each sensor. */
export type Stacked = "unit" | "sensor";

export interface Comparison extends View {
  sensor?: string[] | undefined;
  /** How much earlier the period lies that is laid under this one: `7d`. */
  against?: string | undefined;
  stacked?: Stacked | undefined;
  /** Correlation is shown; two of the sensors by number, or '' while none are chosen: `0-3`. */
  pair?: string | undefined;
}

const readSensors = (found: unknown): string[] =>
  [...new Set([found].flat().filter((path): path is string => typeof path === "string" && path !== "" && path.length <= LONGEST_PATH))].slice(0, MOST_SENSORS);

/** From search parameters; what makes no sense is dropped. `?stacked` alone is a chart for each sensor. */
export function readComparison(search: Record<string, unknown>): Comparison {
  const sensor = readSensors(search["sensor"]);
  const against = String(search["against"] ?? "");
  const stacked = search["stacked"];
  const pair = search["pair"];
  return {
    ...readView(search),
    ...(sensor.length > 0 && { sensor }),
    ...(isStretch(against) && { against }),
    ...(stacked !== undefined && stacked !== false && { stacked: stacked === "unit" ? "unit" : "sensor" }),
    ...(typeof pair === "string" && { pair: pairOf(pair, sensor.length) ? pair : "" }),
  };
}

/** The two numbers of a pair, where both are among so many sensors and not the same. */
export function pairOf(pair: string, count: number): [number, number] | null {
  const [a = -1, b = -1] = (/^(\d+)-(\d+)$/.exec(pair) ?? []).slice(1).map(Number);
  return a >= 0 && b >= 0 && a < count && b < count && a !== b ? [a, b] : null;
}

/** With other sensors: a pair is by number, and no longer of the same two. */
export const withSensors = (view: Comparison, sensor: readonly string[]): Comparison =>
  ({ ...view, sensor: readSensors(sensor), ...(view.pair !== undefined && { pair: "" }) });

/** With another stretch of time: all else stays. */
export const withTime = ({ sensor, against, stacked, pair }: Comparison, time: View): Comparison => ({ sensor, against, stacked, pair, ...time });
