/** Rows that are ticked, singly or from one to another. Pure. */

export interface Picks {
  ids: ReadonlySet<string>;
  /** Ticked last: a range goes from here. */
  anchor?: string | undefined;
}

export const NONE: Picks = { ids: new Set() };

/** Tick or untick one; `range`: all from the one ticked last to it. order: ids as they stand in the list. */
export function pick({ ids, anchor }: Picks, order: readonly string[], id: string, on: boolean, range: boolean): Picks {
  const [a, b] = [anchor === undefined ? -1 : order.indexOf(anchor), order.indexOf(id)];
  const meant = range && a >= 0 && b >= 0 ? order.slice(Math.min(a, b), Math.max(a, b) + 1) : [id];
  const changed = new Set(ids);
  for (const one of meant) {
    if (on) changed.add(one);
    else changed.delete(one);
  }
  return { ids: changed, anchor: id };
}
