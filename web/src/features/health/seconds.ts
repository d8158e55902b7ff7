/** Short times as people read them, with two digits that mean something: `0.8 ms`, `13 ms`, `0.42 s`, `15 s`. Pure. */

import { valueText } from "@/shared/format/number";

export function secondsText(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 0.0095) return `${valueText(seconds * 1000, 1)} ms`;
  if (seconds < 0.0995) return `${valueText(seconds * 1000, 0)} ms`;
  return `${valueText(seconds, seconds < 0.995 ? 2 : seconds < 9.95 ? 1 : 0)} s`;
}
