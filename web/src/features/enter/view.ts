/** Which machine the form is for, and on which round, as it stands in the address. Pure. */

export interface EnterView {
  /** Path or id of a machine; a label names the id, which stays what it is. */
  machine?: string | undefined;
  /** Path of the part of the plant whose machines are visited one after another. */
  round?: string | undefined;
}

const LONGEST = 255;

/** An id of digits alone comes out of an address as a number. */
function text(found: unknown): string | undefined {
  const words = typeof found === "number" ? String(found) : found;
  return typeof words === "string" && words !== "" && words.length <= LONGEST ? words : undefined;
}

export function readEnter(search: Record<string, unknown>): EnterView {
  const [machine, round] = [text(search["machine"]), text(search["round"])];
  return { ...(machine && { machine }), ...(round && { round }) };
}
