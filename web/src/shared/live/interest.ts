/** What the pages on screen want from the live feed, counted, so that one socket serves them all. */

export interface Interest {
  /** Paths of plant nodes or sensors. */
  under: readonly string[];
  /** Most frames per second; ignored with `every`. */
  maxHz: number;
  /** Each single sample instead of the newest per frame. */
  every: boolean;
}

export interface Wish {
  under: string[];
  max_hz: number;
  every: boolean;
}

/** One subscription that covers all interests: paths below another are dropped, the fastest rate wins. */
export function combine(interests: Iterable<Interest>): Wish {
  const paths = new Set<string>();
  let max_hz = 0;
  let every = false;
  for (const interest of interests) {
    interest.under.forEach((path) => paths.add(path));
    max_hz = Math.max(max_hz, interest.maxHz);
    every ||= interest.every;
  }
  const kept: string[] = [];
  for (const path of [...paths].sort()) {
    if (!kept.some((k) => k === "" || path.startsWith(`${k}/`))) kept.push(path);
  }
  return { under: kept, max_hz: max_hz || 1, every };
}
