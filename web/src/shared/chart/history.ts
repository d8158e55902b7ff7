/** History for tracks: all sensors of a page in one question, as long as they are few enough for one. */

import { get } from "@/shared/api/http";
import type { Loaded } from "./track";

/** Sensors of one question to the query service. */
const MOST_SENSORS = 20;

interface Answered extends Loaded {
  sensor: string;
}

const PATH = "/api/query/v1/series";

/**
 * History of each sensor from `from` to before `to`, epoch ms, in at most `points` points, in the order asked for.
 *
 * Throws Problem: the service refused, or did not answer.
 */
export async function fetchHistory(sensors: readonly string[], from: number, to: number, points: number, signal: AbortSignal): Promise<Answered[]> {
  const parts = Array.from({ length: Math.ceil(sensors.length / MOST_SENSORS) }, (_, i) => sensors.slice(i * MOST_SENSORS, (i + 1) * MOST_SENSORS));
  const answers = await Promise.all(parts.map((sensor) => get(PATH, { sensor, from: Math.floor(from), to: Math.ceil(to), points }, signal)));
  return answers.flatMap((answer) => ("items" in answer ? answer.items : [answer]) as Answered[]);
}
