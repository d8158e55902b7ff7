/** The ledger's proof: all that came in, as the sum of all that became of it. Pure. */

import type { DeviceLine, Ledger } from "./types";

export type Name = "received" | "published" | "deadLetters" | "duplicates" | "retained" | "inHand" | "unexplained" | "readings" | "stored" | "underWay" | "refused" | "lost";

export interface Term {
  name: Name;
  n: number;
  /** Is to be nothing. */
  isFault: boolean;
}

export interface Equation {
  whole: Term;
  parts: Term[];
}

type Counted = "received" | "published" | "dead_lettered" | "duplicate" | "retained" | "readings" | "stored" | "in_flight" | "refused" | "lost";

/** Messages, and the readings that were in those that could be used. */
export function proofOf({ items, unexplained }: Pick<Ledger, "items" | "unexplained">): { messages: Equation; readings: Equation } {
  const sum = (field: Counted): number => items.reduce((all, line: DeviceLine) => all + line[field], 0);
  const term = (name: Name, n: number, isFault = false): Term => ({ name, n, isFault });
  const done = [term("published", sum("published")), term("deadLetters", sum("dead_lettered")), term("duplicates", sum("duplicate")), term("retained", sum("retained"))];
  const received = sum("received");
  // What is neither done nor unexplained was taken a moment ago.
  const inHand = Math.max(0, received - unexplained - done.reduce((all, { n }) => all + n, 0));
  return {
    messages: { whole: term("received", received), parts: [...done, term("inHand", inHand), term("unexplained", unexplained, true)] },
    readings: { whole: term("readings", sum("readings")), parts: [term("stored", sum("stored")), term("underWay", sum("in_flight")), term("refused", sum("refused")), term("lost", sum("lost"), true)] },
  };
}

/** Those that say something: noughts are as they should be, and left out but for the first. */
export const told = ({ parts }: Equation): Term[] => parts.filter(({ n }, i) => i === 0 || n !== 0);
