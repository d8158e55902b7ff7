/** Why something could not be used, in plain words; the reasons are those of ingest. */

export const REASONS = {
  malformed: "Not readable",
  "too-large": "Too large",
  "bad-topic": "Topic has no place in the plant",
  "unknown-asset": "Unknown machine",
  "unknown-sensor": "Unknown sensor",
  "bad-value": "Value of the wrong kind",
  "bad-time": "Time makes no sense",
  forbidden: "Outside the device's part",
  "store-refused": "Refused by the store",
  "unreadable-batch": "Batch not readable",
} as const;

export type Reason = keyof typeof REASONS;

export const isReason = (text: string): text is Reason => Object.hasOwn(REASONS, text);
export const reasonText = (reason: string): string => (isReason(reason) ? REASONS[reason] : reason);
