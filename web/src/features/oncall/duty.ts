/** Who is on call when, and whether that is the one who looks. Pure. */

import type { Channel, Shift } from "@/shared/api/types";

export interface Turn {
  /** Name of a channel; null for nobody. */
  member: string | null;
  /** Epoch ms. */
  from: number;
  to: number;
}

/** Shifts as turns in their order; what follows without a change is one turn. */
export function turnsOf(shifts: readonly Shift[]): Turn[] {
  const turns: Turn[] = [];
  for (const { member, from, to } of shifts) {
    const before = turns.at(-1);
    if (before && before.member === member && before.to === Date.parse(from)) before.to = Date.parse(to);
    else turns.push({ member, from: Date.parse(from), to: Date.parse(to) });
  }
  return turns;
}

export const turnAt = (turns: readonly Turn[], now: number): Turn | undefined => turns.find(({ from, to }) => from <= now && now < to);

/** The next turn of somebody. */
export const turnAfter = (turns: readonly Turn[], now: number): Turn | undefined => turns.find(({ member, from }) => member !== null && from > now);

/** What is not over, in which nobody is on call. */
export const gapsOf = (turns: readonly Turn[], now: number): Turn[] => turns.filter(({ member, to }) => member === null && to > now);

/** When a turn ends; undefined for the last known one, which may go on. */
export const endOf = (turns: readonly Turn[], turn: Turn): number | undefined => (turn.to === turns.at(-1)?.to ? undefined : turn.to);

/** Names of the channels that are a person's: of the same name, or that notify their browsers. */
export function ownNames(person: string, channels: readonly Pick<Channel, "name" | "kind" | "target">[]): string[] {
  const same = (text: string): boolean => text.toLowerCase() === person.toLowerCase();
  return channels.filter(({ name, kind, target }) => same(name) || (kind === "push" && same(target))).map(({ name }) => name);
}

export interface Rota {
  name: string;
  turns: readonly Turn[];
}

export interface Duty {
  schedule: string;
  from: number;
  /** Undefined: for longer than is known. */
  until: number | undefined;
  /** Who is next; undefined for nobody. */
  after: string | undefined;
}

const dutyOf = ({ name, turns }: Rota, turn: Turn): Duty => ({
  schedule: name, from: turn.from, until: endOf(turns, turn), after: turns[turns.indexOf(turn) + 1]?.member ?? undefined,
});

/** The duties that one of these names has now, and the first that comes. */
export function dutiesOf(own: readonly string[], rotas: readonly Rota[], now: number): { now: Duty[]; next: Duty | undefined } {
  const isOwn = ({ member }: Turn): boolean => member !== null && own.includes(member);
  const mine = rotas.flatMap((rota) => rota.turns.filter((turn) => isOwn(turn) && turn.to > now).map((turn) => dutyOf(rota, turn)));
  const coming = mine.filter(({ from }) => from > now).sort((a, b) => a.from - b.from);
  return { now: mine.filter(({ from }) => from <= now), next: coming[0] };
}
