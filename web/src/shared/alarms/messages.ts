/** What became of a message, in words. */

import type { Notification, NotificationState } from "@/shared/api/types";
import { timeText } from "@/shared/format/time";
import { texts } from "./texts";

/** What became of messages, by name. */
export const messageStates = (): Record<NotificationState, string> => texts().messages;

/** What a message said of its alarm: `Over`, `Became less severe`; '' where it asked for somebody, or is a digest. */
export function saidText({ event = "" }: { event?: string | undefined }): string {
  return event === "over" ? texts().over : ((texts().events as Record<string, string>)[event] ?? "");
}

const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g;
/** Times within a sentence of alerting's, on the clock of whoever reads. */
export const localised = (text: string, now = Date.now()): string => text.replace(INSTANT, (iso) => timeText(Date.parse(iso), now));

/** `Not delivered: the server does not answer, after 5 tries`; `Waiting, next try at 14:00:00`. */
export function messageText({ state, reason, error, attempts, next_at }: Pick<Notification, "state" | "reason" | "error" | "attempts" | "next_at">, now = Date.now()): string {
  const { messages, nextTry } = texts();
  const tries = attempts > 1 ? texts().tries(attempts) : "";
  if (state === "failed") return `${messages.failed}${error ? `: ${error}` : ""}${tries}`;
  if (state === "pending" && error) return `${messages.pending}${next_at ? nextTry(timeText(Date.parse(next_at), now)) : ""}: ${error}`;
  return `${messages[state] ?? state}${reason ? `: ${localised(reason, now)}` : ""}`;
}
