/** Which part of the page is shown, as it stands in the address. Pure. */

export const TABS = ["people", "silences", "channels", "messages"] as const;
export interface OnCallView {
  tab?: Exclude<(typeof TABS)[number], "people"> | undefined;
  /** A silence is being written. */
  silence?: "new" | undefined;
  /** The part of the plant that is to be silenced: a path. */
  under?: string | undefined;
  /** Name of the rule that is to be silenced. */
  rule?: string | undefined;
}

const LONGEST = 1000;
const textOf = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value).slice(0, LONGEST) : "");

/** A part or a rule alone asks for a silence, too: so pages of machines and alarms lead here. */
export function readOnCall(search: Record<string, unknown>): OnCallView {
  const tab = TABS.find((name) => name === search["tab"]);
  if (!tab || tab === "people") return {};
  if (tab !== "silences") return { tab };
  const [under, rule] = [textOf(search["under"]), textOf(search["rule"])];
  const asks = search["silence"] === "new" || under || rule;
  return { tab, ...(asks && { silence: "new" }), ...(under && { under }), ...(rule && { rule }) };
}
