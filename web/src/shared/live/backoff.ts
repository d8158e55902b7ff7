/** Wait before trial `n` (0, 1, ...): doubling from 0.5 s to 15 s, with full jitter so that a fleet does not return at once. */
export function backoff(n: number, random = Math.random): number {
  const ceiling = Math.min(15_000, 500 * 2 ** Math.min(n, 10));
  return 250 + random() * ceiling;
}
