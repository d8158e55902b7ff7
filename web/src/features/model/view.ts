/** Which place of the plant the page shows, as it stands in the address. Pure. */

export interface ModelView {
  /** Path of the place that is edited; none: the plant as a whole. */
  at?: string | undefined;
}

export function readModel(search: Record<string, unknown>): ModelView {
  const at = search["at"];
  return typeof at === "string" && at !== "" && at.length <= 255 ? { at } : {};
}
