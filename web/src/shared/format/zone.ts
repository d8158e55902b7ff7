/** Clocks on the wall of a time zone. Pure, given the zone. */

const formats = new Map<string, Intl.DateTimeFormat>();

function parts(ms: number, zone: string): Record<string, number> {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
    });
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
}

const SECOND = 1000;

/** By how much the wall clock of `zone` is ahead of UTC at an instant, in ms. */
export function offsetAt(ms: number, zone: string): number {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts(ms, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / SECOND) * SECOND;
}

/** What the wall clock shows, as the epoch ms of the same digits in UTC. */
export const wallOf = (ms: number, zone: string): number => ms + offsetAt(ms, zone);

/** The instant at which the wall clock shows `wall`; of an hour that comes twice the first, of one left out the next. */
export function instantOf(wall: number, zone: string): number {
  const first = wall - offsetAt(wall - offsetAt(wall, zone), zone);
  const earlier = wall - offsetAt(first - 3_600_000, zone);
  return wallOf(earlier, zone) === wall ? earlier : first;
}
