/** How long a reading takes now: what was measured before a hop fell silent must not read as now. Pure. */

import { secondsText } from "./seconds";
import type { Hop, Probe } from "./types";

/** The prober's sentences about a hop that does not answer, with the seconds since when. */
const SILENT: Record<Hop, RegExp> = {
  broker: /acknowledged the canary of (\d+) s ago/,
  stored: /canary of (\d+) s ago is not yet in InfluxDB/,
  live: /canary of (\d+) s ago has not come by the live feed/,
};
const HOPS = Object.keys(SILENT) as Hop[];

/** The last time of a hop; `> 13 s` while it does not answer; a dash where nobody knows. */
export function nowText(hop: Hop, { trouble, hops }: Probe): string {
  const silent = SILENT[hop].exec(trouble)?.[1];
  if (silent) return overText(Number(silent));
  // Without the broker no canary goes to the others; and a trouble of another kind says nothing of any.
  const isUnknown = trouble !== "" && (SILENT.broker.test(trouble) || !HOPS.some((other) => SILENT[other].test(trouble)));
  return isUnknown ? "–" : secondsText(hops[hop]?.last);
}

const overText = (seconds: number): string => (seconds < 100 ? `> ${seconds} s` : `> ${Math.floor(seconds / 60)} min`);
