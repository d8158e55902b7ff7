/** Alarms as stretches of time: raised, acknowledged, over; and which lie above one another. Pure. */

import type { Alarm } from "@/shared/api/types";
import { rankOf } from "@/shared/plant/condition";

/** What is drawn of an alarm: one that was, or one that would have been. */
export type SpannedAlarm = Timed & Pick<Alarm, "severity">;

type Timed = Pick<Alarm, "id" | "since" | "active" | "cleared_at" | "acknowledged_at">;

export interface AlarmSpan {
  from: number;
  /** Up to now while it is active. */
  to: number;
  acknowledged: number | undefined;
}

export const LANES = 3;

const at = (iso: string | null | undefined): number | undefined => {
  const ms = Date.parse(iso ?? "");
  return Number.isNaN(ms) ? undefined : ms;
};

export function spanOf({ since, active, cleared_at, acknowledged_at }: Omit<Timed, "id">, now: number): AlarmSpan {
  const from = at(since) ?? 0;
  return { from, to: Math.max(from, active ? now : (at(cleared_at) ?? from)), acknowledged: at(acknowledged_at) };
}

/** A lane for each alarm, so that alarms of one time lie below one another; the most severe on top. With too many they share the last. */
export function laneOf(alarms: readonly SpannedAlarm[], now: number): Map<string, number> {
  const ends: number[] = [];
  const lanes = new Map<string, number>();
  const sorted = alarms.map((alarm) => ({ alarm, ...spanOf(alarm, now) }))
    .sort((a, b) => a.from - b.from || rankOf(a.alarm.severity) - rankOf(b.alarm.severity));
  for (const { alarm, from, to } of sorted) {
    const free = ends.findIndex((end) => end < from);
    const lane = free >= 0 ? free : Math.min(ends.length, LANES - 1);
    ends[lane] = Math.max(ends[lane] ?? 0, to);
    lanes.set(alarm.id, lane);
  }
  return lanes;
}

/** The alarms that were there at an instant. */
export const alarmsAt = <A extends Omit<Timed, "id">>(alarms: readonly A[], ts: number, now: number): A[] =>
  alarms.filter((alarm) => {
    const { from, to } = spanOf(alarm, now);
    return from <= ts && ts <= to;
  });

/** How many of them reach into a stretch. */
export const alarmsIn = <A extends Omit<Timed, "id">>(alarms: readonly A[], start: number, end: number, now: number): A[] =>
  alarms.filter((alarm) => {
    const { from, to } = spanOf(alarm, now);
    return to >= start && from <= end;
  });
