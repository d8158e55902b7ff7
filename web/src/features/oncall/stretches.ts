/** Stretches of time that are often meant: the next hours, tonight, the weekend. Pure. */

import { localText, timeZone } from "@/shared/format/time";
import { instantOf, wallOf } from "@/shared/format/zone";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const EVENING = 18 * HOUR;
const MORNING = 6 * HOUR;

export interface Stretch {
  /** Epoch ms. */
  from: number;
  to: number;
}

export const nextHours = (now: number, hours: number): Stretch => ({ from: now, to: now + hours * HOUR });

/** From 18:00, or from now where it is later, until 06:00. */
export function tonight(now: number): Stretch {
  const zone = timeZone();
  const wall = wallOf(now, zone);
  const midnight = Math.floor(wall / DAY) * DAY;
  if (wall - midnight < MORNING) return { from: now, to: instantOf(midnight + MORNING, zone) };
  return { from: Math.max(now, instantOf(midnight + EVENING, zone)), to: instantOf(midnight + DAY + MORNING, zone) };
}

/** From Saturday, or from now within it, until Monday. */
export function weekend(now: number): Stretch {
  const zone = timeZone();
  const midnight = Math.floor(wallOf(now, zone) / DAY) * DAY;
  // Day 0 of the epoch was a Thursday: days since Monday.
  const weekday = (midnight / DAY + 3) % 7;
  const monday = midnight + (7 - weekday) * DAY;
  return { from: Math.max(now, instantOf(monday - 2 * DAY, zone)), to: instantOf(monday, zone) };
}

/** Where a turn begins by itself: they change at eight, and this one has begun, or nobody would be on call until then. */
export const firstTurn = (now: number, zone: string): string => `${localText(now - 8 * HOUR, zone).slice(0, 10)}T08:00`;

/** As fields for date and time hold it, on the clock of whoever looks. */
export const typed = ({ from, to }: Stretch): { from: string; to: string } => ({ from: localText(from).slice(0, 16), to: localText(to).slice(0, 16) });
