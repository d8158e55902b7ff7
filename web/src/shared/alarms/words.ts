/** An alarm in words. */

import type { Alarm, AlarmState, Transition } from "@/shared/api/types";
import { lengthText, timeText } from "@/shared/format/time";
import { sentence } from "./sentence";
import { texts } from "./texts";

/** The state's own name. */
export const stateName = (state: AlarmState): string => texts().states[state];

export const eventText = ({ event, to }: Pick<Transition, "to"> & Partial<Pick<Transition, "event">>): string => (event && texts().events[event]) || stateName(to);

/** `Oil temperature is 68.8 °C, above 65 °C` while the alarm is active, `was` once the value has returned; in the language of whoever reads. */
export const plainText = ({ message, rule_name, active }: Said): string => (message ? sentence(message, active) : rule_name);

type Said = Pick<Alarm, "message" | "rule_name" | "active">;

/** The same to be shown: no number leaves its unit at the end of a line. */
export const alarmText = (alarm: Said): string => plainText(alarm).replace(/(?<=\d) (?=\S+(,|;|$))/g, "\u00a0");

type Stated = Pick<Alarm, "state"> & Partial<Pick<Alarm, "acknowledged_by" | "comment" | "active" | "shelved_until" | "shelved_by" | "shelved_reason" | "suppressed_by" | "service_reason">>;

const said = (text: string | null | undefined): string => (text ? texts().saying(text) : "");

/** `Shelved until 14:00:00 by maria: “Spare part ordered”`, or whatever holds the alarm where it is; one short line. */
export function stateText(alarm: Stated, now = Date.now()): string {
  const { states, until, by, closedBy, latchedBy, latchedUnseen } = texts();
  const { state, acknowledged_by: who } = alarm;
  switch (state) {
    case "shelved": {
      const shelved = alarm.shelved_until ? until(states.shelved, timeText(Date.parse(alarm.shelved_until), now)) : states.shelved;
      return `${alarm.shelved_by ? by(shelved, alarm.shelved_by) : shelved}${said(alarm.shelved_reason)}`;
    }
    case "suppressed":
      return alarm.suppressed_by ? `${states.suppressed}: ${alarm.suppressed_by}` : states.suppressed;
    case "out-of-service":
      return `${states[state]}${said(alarm.service_reason)}`;
    case "normal":
      return who ? `${closedBy(who)}${said(alarm.comment)}` : states.normal;
    case "latched":
      return who ? `${latchedBy(who)}${said(alarm.comment)}` : latchedUnseen;
    default:
      return who ? `${by(states[state], who)}${said(alarm.comment)}` : states[state];
  }
}

/** `HH`: the level of a rule with several, as it is written on a drawing; '' where there is none to name. */
export const levelText = ({ level = "" }: Pick<Alarm, "level">): string => (/^[hl]{1,3}$/.test(level) ? level.toUpperCase() : level);

/** `robots, berlin/painting/line-1`: a group's name and the part of the plant it is about. */
export const groupText = (group: string): string => group.replace("@", ", ");

/** `3 min 05 s` so far, or `lasted 3 min 05 s`. */
export function lastsText({ since, cleared_at }: Pick<Alarm, "since"> & Partial<Pick<Alarm, "cleared_at">>, now: number): string {
  const start = Date.parse(since);
  return cleared_at ? texts().lasted(lengthText(Date.parse(cleared_at) - start)) : lengthText(now - start);
}
