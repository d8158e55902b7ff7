/** How a page's view is written into its address: as people would, a name for each of several values. Pure. */

import { defaultParseSearch, defaultStringifySearch } from "@tanstack/react-router";

/** `?sensor=a&sensor=b`; all else as the router does it. */
export function writeSearch(search: Record<string, unknown>): string {
  const lists = new URLSearchParams();
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(search)) {
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) value.forEach((one) => lists.append(name, one));
    else rest[name] = value;
  }
  const parts = [defaultStringifySearch(rest).replace(/^\?/, ""), String(lists).replaceAll("%2F", "/")].filter(Boolean);
  return parts.length > 0 ? `?${parts.join("&")}` : "";
}

const isPlain = (value: unknown): boolean => value === null || typeof value !== "object";

/** Words, numbers, yes and no, and lists of these. What else an address may hold, no page has written, and none understands. */
export const readSearch = (text: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(defaultParseSearch(text)).filter(([, value]) => isPlain(value) || (Array.isArray(value) && value.every(isPlain))));
