/** For which alarms the horn sounds: those that are new and that nobody has acknowledged or silenced. Pure. */

import type { Alarm, Severity } from "@/shared/api/types";
import { asksForAck, rankOf, SEVERITIES } from "@/shared/plant/condition";

export interface Horn {
  /** What asked for somebody when it was last looked at; nothing before that. */
  asked: ReadonlyMap<string, Severity> | undefined;
  /** Alarms it sounds for. */
  ringing: ReadonlySet<string>;
}

export const QUIET: Horn = { asked: undefined, ringing: new Set() };

/** What asks already when a page opens is no news: it would sound with every page that somebody opens. */
export function heard({ asked, ringing }: Horn, alarms: readonly Alarm[]): Horn {
  const asking = new Map(alarms.filter(asksForAck).map((a) => [a.id, a.severity]));
  const isNews = (id: string, severity: Severity): boolean => {
    const before = asked?.get(id);
    return asked !== undefined && (before === undefined || rankOf(severity) < rankOf(before));
  };
  const rings = [...asking].filter(([id, severity]) => ringing.has(id) || isNews(id, severity)).map(([id]) => id);
  return { asked: asking, ringing: new Set(rings) };
}

/** Quiet until the next new alarm. */
export const silenced = ({ asked }: Horn): Horn => ({ asked, ringing: new Set() });

/** The most severe it sounds for; undefined while it is quiet. */
export function worstOf({ asked, ringing }: Horn): Severity | undefined {
  const severities = new Set([...ringing].map((id) => asked?.get(id)));
  return SEVERITIES.find((severity) => severities.has(severity));
}
