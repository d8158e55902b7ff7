/** What became of a message, in words. */

import { EVENT_TEXT } from "@/shared/alarms/words";
import type { Notification, NotificationState } from "@/shared/api/types";
import { timeText } from "@/shared/format/time";

export const MESSAGE_STATE: Record<NotificationState, string> = {
  pending: "Waiting",
  sending: "Being sent",
  sent: "Delivered",
  failed: "Not delivered",
  merged: "Told by another message",
  muted: "Not told",
  superseded: "Not needed any more",
};

/** What a message said of its alarm: `Over`, `Became less severe`; '' where it asked for somebody, or is a digest. */
export function saidText({ event = "" }: Pick<Notification, "event">): string {
  return event === "over" ? "Over" : ((EVENT_TEXT as Record<string, string>)[event] ?? "");
}

const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g;
/** Times within a sentence of alerting's, on the clock of whoever reads. */
export const localised = (text: string, now = Date.now()): string => text.replace(INSTANT, (iso) => timeText(Date.parse(iso), now));

/** `Not delivered: the server does not answer, after 5 tries`; `Waiting, next try at 14:00:00`. */
export function messageText({ state, reason, error, attempts, next_at }: Pick<Notification, "state" | "reason" | "error" | "attempts" | "next_at">, now = Date.now()): string {
  const tries = attempts > 1 ? `, after ${attempts} tries` : "";
  if (state === "failed") return `${MESSAGE_STATE.failed}${error ? `: ${error}` : ""}${tries}`;
  if (state === "pending" && error) return `${MESSAGE_STATE.pending}${next_at ? `, next try at ${timeText(Date.parse(next_at), now)}` : ""}: ${error}`;
  return `${MESSAGE_STATE[state] ?? state}${reason ? `: ${localised(reason, now)}` : ""}`;
}
