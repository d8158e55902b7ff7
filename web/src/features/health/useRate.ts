/** How fast a counter grows, from its last two different looks. */

import { useEffect, useRef, useState } from "react";

/** Growth per second between two looks; undefined when time stood still or the counter began anew. */
export function rateOf(before: { n: number; at: number }, now: { n: number; at: number }): number | undefined {
  const seconds = (now.at - before.at) / 1000;
  return seconds > 0 && now.n >= before.n ? (now.n - before.n) / seconds : undefined;
}

export function useRate(n: number): number | undefined {
  const before = useRef({ n, at: performance.now() });
  const [rate, setRate] = useState<number>();
  useEffect(() => {
    const now = { n, at: performance.now() };
    if (n === before.current.n) return;
    setRate(rateOf(before.current, now));
    before.current = now;
  }, [n]);
  return rate;
}
