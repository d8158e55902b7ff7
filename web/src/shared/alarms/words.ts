/** An alarm in words. */

import type { Alarm, AlarmEvent, AlarmState, Transition } from "@/shared/api/types";
import { lengthText, timeText } from "@/shared/format/time";

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

/** What happened, as the journal says it. */
export const EVENT_TEXT: Record<AlarmEvent, string> = {
  raised: "Raised",
  escalated: "Became more severe",
  eased: "Became less severe",
  cleared: "Back to normal",
  current: "Still there, people are called",
  acknowledged: "Acknowledged",
  realarmed: "Asked again",
  reset: "Reset",
  shelved: "Shelved",
  unshelved: "Unshelved",
  suppressed: "Suppressed",
  released: "No longer suppressed",
  "out-of-service": "Taken out of service",
  "in-service": "Put back in service",
  commented: "Comment",
  assigned: "Assigned",
  closed: "Closed: its rule or sensor is gone",
};

export const eventText = ({ event, to }: Pick<Transition, "event" | "to">): string => (event && EVENT_TEXT[event]) || STATE_TEXT[to];

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

type Stated = Pick<Alarm, "state"> & Partial<Pick<Alarm, "acknowledged_by" | "comment" | "active" | "shelved_until" | "shelved_by" | "shelved_reason" | "suppressed_by" | "service_reason">>;

const said = (text: string | null | undefined): string => (text ? `: “${text}”` : "");

/** `Shelved until 14:00:00 by maria: “Spare part ordered”`, or whatever holds the alarm where it is; one short line. */
export function stateText(alarm: Stated, now = Date.now()): string {
  const name = STATE_TEXT[alarm.state];
  switch (alarm.state) {
    case "shelved": {
      const until = alarm.shelved_until ? ` until ${timeText(Date.parse(alarm.shelved_until), now)}` : "";
      return `${name}${until}${alarm.shelved_by ? ` by ${alarm.shelved_by}` : ""}${said(alarm.shelved_reason)}`;
    }
    case "suppressed":
      return alarm.suppressed_by ? `${name}: ${alarm.suppressed_by}` : name;
    case "out-of-service":
      return `${name}${said(alarm.service_reason)}`;
    case "normal":
      return alarm.acknowledged_by ? `${name}, acknowledged by ${alarm.acknowledged_by}${said(alarm.comment)}` : name;
    case "latched":
      return alarm.acknowledged_by ? `${name}, acknowledged by ${alarm.acknowledged_by}${said(alarm.comment)}` : `${name}, not acknowledged`;
    default:
      return alarm.acknowledged_by ? `${name} by ${alarm.acknowledged_by}${said(alarm.comment)}` : name;
  }
}

/** `HH`: the level of a rule with several, as it is written on a drawing; '' where there is none to name. */
export const levelText = ({ level = "" }: Pick<Alarm, "level">): string => (/^[hl]{1,3}$/.test(level) ? level.toUpperCase() : level);

/** `robots, berlin/painting/line-1`: a group's name and the part of the plant it is about. */
export const groupText = (group: string): string => group.replace("@", ", ");

/** `3 min 05 s` so far, or `lasted 3 min 05 s`. */
export function lastsText({ since, cleared_at }: Pick<Alarm, "since" | "cleared_at">, now: number): string {
  const start = Date.parse(since);
  return cleared_at ? `lasted ${lengthText(Date.parse(cleared_at) - start)}` : lengthText(now - start);
}
