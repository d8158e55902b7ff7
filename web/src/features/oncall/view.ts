/** Which part of the page is shown, as it stands in the address. Pure. */

export const TABS = ["people", "silences", "channels", "messages"] as const;
export interface OnCallView {
  tab?: Exclude<(typeof TABS)[number], "people"> | undefined;
}

export function readOnCall(search: Record<string, unknown>): OnCallView {
  const tab = TABS.find((name) => name === search["tab"]);
  return tab && tab !== "people" ? { tab } : {};
}
