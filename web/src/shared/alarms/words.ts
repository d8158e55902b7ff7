/** An alarm in words. */

import type { Alarm, AlarmState } from "@/shared/api/types";
import { lengthText } from "@/shared/format/time";

export const STATE_TEXT: Record<AlarmState, string> = {
  unacknowledged: "Not acknowledged",
  acknowledged: "Acknowledged",
  returned: "Returned, not acknowledged",
  normal: "Closed",
  shelved: "Shelved",
  suppressed: "Suppressed",
  "out-of-service": "Out of service",
  latched: "Latched",
};

/** The last ` is ` of the sentence is its verb: an earlier one can only be part of the sensor's name. */
const VERB = / is (?!.* is )/;

/**
 * `Oil temperature is 68.8 °C, above 65 °C` while the alarm is active, `was` once the value has returned.
 *
 * Alerting writes the sentence when it raises the alarm, and writes it once.
 */
export function alarmText({ message, rule_name, active }: Pick<Alarm, "message" | "rule_name" | "active">): string {
  if (!message) return rule_name;
  return active ? message : message.replace(VERB, " was ");
}

/** `Acknowledged by maria: “Filter clogged”`, or what else the alarm waits for. */
export function stateText({ state, acknowledged_by, comment }: Pick<Alarm, "state" | "acknowledged_by" | "comment">): string {
  if (!acknowledged_by) return STATE_TEXT[state];
  return `${STATE_TEXT[state]} by ${acknowledged_by}${comment ? `: “${comment}”` : ""}`;
}

/** `3 min 05 s` so far, or `lasted 3 min 05 s`. */
export function lastsText({ since, cleared_at }: Pick<Alarm, "since" | "cleared_at">, now: number): string {
  const start = Date.parse(since);
  return cleared_at ? `lasted ${lengthText(Date.parse(cleared_at) - start)}` : lengthText(now - start);
}
