/** Which part of the plant gets labels, and by which address phones reach Andon, as they stand in the address. Pure. */

export interface LabelsView {
  /** Path of a part of the plant; none: all of it. */
  under?: string | undefined;
  /** Where phones reach Andon; none: as this browser does. */
  base?: string | undefined;
}

const LONGEST = 255;
const text = (found: unknown): string | undefined => (typeof found === "string" && found !== "" && found.length <= LONGEST ? found : undefined);

export function readLabels(search: Record<string, unknown>): LabelsView {
  const [under, base] = [text(search["under"]), text(search["base"])];
  return { ...(under && { under }), ...(base && { base }) };
}
