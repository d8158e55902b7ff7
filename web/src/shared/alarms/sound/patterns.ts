/** What each severity sounds like: the more severe, the more tones and the sooner again. Pure. */

import type { Severity } from "@/shared/api/types";

export interface Tone {
  /** Seconds after the pattern begins. */
  at: number;
  /** Seconds. */
  length: number;
  /** Hertz. */
  pitch: number;
}

const pulses = (pitches: readonly number[], length: number, pause: number): Tone[] => pitches.map((pitch, i) => ({ at: i * (length + pause), length, pitch }));

/** Told apart by rhythm and count, not by pitch alone: halls are loud, and many hear high tones badly. */
export const PATTERNS: Record<Severity, readonly Tone[]> = {
  critical: pulses([880, 660, 880, 660, 880, 660], 0.14, 0.06),
  high: pulses([740, 740, 880], 0.18, 0.1),
  medium: pulses([587, 494], 0.25, 0.15),
  low: pulses([440], 0.35, 0),
};

/** Milliseconds after which a pattern sounds again while nobody acknowledges or silences it. */
export const AGAIN_MS: Record<Severity, number> = { critical: 3_000, high: 6_000, medium: 12_000, low: 20_000 };
