/** History of one sensor, or of several: /series answers in three shapes, by what is asked for. */

import { get } from "./http";
import type { Params } from "./paths";
import type { Series } from "./types";

const SERIES = "/api/query/v1/series";
/** By one aggregate, each sensor on its own clock. */
type Asked = Omit<Params<"get", typeof SERIES>, "sensor" | "align">;

/** As many sensors as one request takes. */
export async function seriesOfMany(sensors: readonly string[], asked: Asked, signal?: AbortSignal): Promise<Series[]> {
  const answer = await get(SERIES, { ...asked, sensor: sensors }, signal);
  return ("items" in answer ? answer.items : [answer]) as Series[];
}

export async function seriesOf(sensor: string, asked: Asked, signal?: AbortSignal): Promise<Series> {
  return (await get(SERIES, { ...asked, sensor }, signal)) as Series;
}
