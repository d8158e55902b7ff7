/** Which part of the page is shown, as it stands in the address. Pure. */

export const TABS = [["people", "People"], ["silences", "Silences"], ["channels", "Channels"], ["messages", "Messages"]] as const;
export interface OnCallView {
  tab?: Exclude<(typeof TABS)[number][0], "people"> | undefined;
}

export function readOnCall(search: Record<string, unknown>): OnCallView {
  const tab = TABS.find(([name]) => name === search["tab"])?.[0];
  return tab && tab !== "people" ? { tab } : {};
}
