/** Why something could not be used, in plain words; the reasons are those of ingest. */

import { texts } from "./texts";

export const REASONS = ["malformed", "too-large", "bad-topic", "unknown-asset", "unknown-sensor", "bad-value", "bad-time", "forbidden", "store-refused", "unreadable-batch"] as const;

export type Reason = (typeof REASONS)[number];

export const isReason = (text: string): text is Reason => REASONS.some((reason) => reason === text);
export const reasonText = (reason: string): string => (isReason(reason) ? texts().reasons[reason] : reason);
