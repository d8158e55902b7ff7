/** Which rows of a long list are drawn: those on screen, and some beyond them. Pure. */

export interface Stretch {
  /** From the first to before the last. */
  first: number;
  last: number;
}

/** So many rows above and below stand ready, so that no gap is seen while somebody scrolls. */
const BEYOND = 8;

/** top, height: of what is seen of the list, in px; row: height of each. */
export function stretchOf(top: number, height: number, row: number, count: number): Stretch {
  const from = Math.min(Math.max(0, count - Math.ceil(height / row)), Math.max(0, Math.floor(top / row)));
  return { first: Math.max(0, from - BEYOND), last: Math.min(count, from + Math.ceil(height / row) + 1 + BEYOND) };
}

/** Where to scroll so that a row is seen whole; as it is where it is seen already. `head`: px that stand above the rows. */
export function scrollTo(index: number, row: number, head: number, top: number, height: number): number {
  const begin = index * row;
  if (begin < top) return begin;
  const end = begin + row + head - height;
  return end > top ? end : top;
}
