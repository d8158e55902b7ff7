/** What may be done with an alarm as it stands. Pure. */

import type { Deed } from "@/shared/alarms/ack";
import type { Alarm } from "@/shared/api/types";
import { asksForAck } from "@/shared/plant/condition";

export type Act = "ack" | "reset" | "unshelve" | "in-service" | "assign" | "give" | "unassign" | "comments" | "shelve" | "out-of-service";

const isHidden = ({ state }: Alarm): boolean => state === "shelved" || state === "suppressed" || state === "out-of-service";

/** In order, the most likely first. */
export function actsFor(alarm: Alarm, me: string): Act[] {
  const { state } = alarm;
  const isOver = state === "normal";
  const may: [Act, boolean][] = [
    ["ack", asksForAck(alarm)],
    ["reset", state === "latched" && alarm.acknowledged !== false],
    ["unshelve", Boolean(alarm.shelved_until) && !isOver],
    ["in-service", alarm.out_of_service === true],
    ["assign", !isOver && alarm.assigned_to !== me],
    ["unassign", !isOver && alarm.assigned_to === me],
    ["give", !isOver],
    ["comments", true],
    ["shelve", !isHidden(alarm)],
    ["out-of-service", !alarm.out_of_service],
  ];
  return may.filter(([, can]) => can).map(([act]) => act);
}

/** What alerting is asked for: an act of `me`, with what is said of it. */
export function deedOf(act: Exclude<Act, "shelve">, me: string, text = ""): Deed {
  switch (act) {
    case "assign": return { verb: act, body: { to: me } };
    case "give": return { verb: "assign", body: { to: text } };
    case "unassign": return { verb: "assign", body: { to: null } };
    case "out-of-service": return { verb: act, body: { reason: text } };
    case "comments": return { verb: act, body: { text } };
    default: return { verb: act, body: { comment: text } };
  }
}

/** For how long an alarm can be shelved, as alerting takes it. */
export const LENGTHS = ["30m", "1h", "4h", "8h", "24h", "3d", "7d"] as const;

/** What takes a deed back, the alarm being as it was before it; undefined for what stands. */
export function undoOf({ verb }: Deed, before: Pick<Alarm, "assigned_to">): Deed | undefined {
  if (verb === "shelve") return { verb: "unshelve" };
  if (verb === "out-of-service") return { verb: "in-service" };
  return verb === "assign" ? { verb: "assign", body: { to: before.assigned_to ?? null } } : undefined;
}
