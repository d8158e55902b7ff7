/** What keys do in the list of alarms. Pure. */

export type Command = "next" | "previous" | "further" | "back" | "first" | "last" | "extend" | "extendBack" | "pick" | "all" | "none" | "open" | "ack" | "shelve" | "help";

type Press = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">;

const KEYS: Record<string, Command> = {
  ArrowDown: "next", j: "next", ArrowUp: "previous", k: "previous", PageDown: "further", PageUp: "back", Home: "first", End: "last",
  J: "extend", K: "extendBack", x: "pick", " ": "pick", Escape: "none", Enter: "open", a: "ack", s: "shelve", "?": "help",
};

/** The command of a key; undefined for keys that belong to the browser. */
export function commandOf({ key, shiftKey, ctrlKey, metaKey, altKey }: Press): Command | undefined {
  if (ctrlKey || metaKey) return key === "a" && !altKey ? "all" : undefined;
  if (altKey) return undefined;
  if (shiftKey && key === "ArrowDown") return "extend";
  if (shiftKey && key === "ArrowUp") return "extendBack";
  return KEYS[key];
}

/** By how many rows a command moves; 0 for one that does not. `screen`: rows on screen. */
export function stepOf(command: Command, screen: number): number {
  const steps: Partial<Record<Command, number>> = {
    next: 1, extend: 1, previous: -1, extendBack: -1, further: Math.max(1, screen - 1), back: -Math.max(1, screen - 1), first: -Infinity, last: Infinity,
  };
  return steps[command] ?? 0;
}

/** The row a step leads to; the first one where none was chosen before. */
export const landing = (at: number, step: number, count: number): number => (at < 0 ? (step === Infinity ? count - 1 : 0) : Math.max(0, Math.min(count - 1, at + step)));
