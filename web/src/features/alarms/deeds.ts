/** What may be done with an alarm as it stands. Pure. */

import type { Deed } from "@/shared/alarms/ack";
import type { Alarm } from "@/shared/api/types";
import { asksForAck } from "@/shared/plant/condition";

export type Act = "ack" | "reset" | "unshelve" | "in-service" | "assign" | "unassign" | "comments" | "shelve" | "out-of-service";

/** In order, the most likely first. */
export function actsFor(alarm: Alarm, me: string): Act[] {
  const { state } = alarm;
  const isHidden = state === "shelved" || state === "suppressed" || state === "out-of-service";
  const isOver = state === "normal";
  const may: [Act, boolean][] = [
    ["ack", asksForAck(alarm)],
    ["reset", state === "latched" && alarm.acknowledged !== false],
    ["unshelve", Boolean(alarm.shelved_until) && !isOver],
    ["in-service", alarm.out_of_service === true],
    ["assign", !isOver && alarm.assigned_to !== me],
    ["unassign", !isOver && alarm.assigned_to === me],
    ["comments", true],
    ["shelve", !isHidden],
    ["out-of-service", !alarm.out_of_service],
  ];
  return may.filter(([, can]) => can).map(([act]) => act);
}

/** What alerting is asked for: an act, with what is said of it, and for how long. */
export function deedOf(act: Act, me: string, text = "", length = ""): Deed {
  switch (act) {
    case "assign": return { verb: act, body: { to: me } };
    case "unassign": return { verb: "assign", body: { to: null } };
    case "shelve": return { verb: act, body: { for: length, reason: text } };
    case "out-of-service": return { verb: act, body: { reason: text } };
    case "comments": return { verb: act, body: { text } };
    default: return { verb: act, body: { comment: text } };
  }
}

/** For how long an alarm can be shelved: `for` as alerting takes it, and in words. */
export const LENGTHS = [["30m", "30 minutes"], ["1h", "1 hour"], ["4h", "4 hours"], ["8h", "8 hours, a shift"], ["24h", "a day"], ["3d", "3 days"], ["7d", "7 days, the longest"]] as const;
