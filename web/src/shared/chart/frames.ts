/** One drawing loop for all charts of a page: each frame draws as many of those that changed as fit into it. */

/** Draws what has changed; whether there was anything to draw. */
export type Painter = () => boolean;

/** Of the 16 ms of a frame; the rest is the browser's own. What does not fit is drawn in the next frame. */
const BUDGET_MS = 7;

/** Painters from `first` on, in turn, until the time is used up; returns where the next frame begins. Pure but for them. */
export function paintSome(painters: readonly Painter[], first: number, clock: () => number, budget = BUDGET_MS): number {
  const begun = clock();
  for (let i = 0; i < painters.length; i += 1) {
    const at = (first + i) % painters.length;
    if (painters[at]?.() && clock() - begun > budget) return at + 1;
  }
  return first;
}

let painters: readonly Painter[] = [];
let next = 0;
let frame = 0;

function loop(): void {
  frame = requestAnimationFrame(loop);
  next = paintSome(painters, next, () => performance.now());
}

/** Have a painter called with each frame until the returned function is called; a hidden page has no frames. */
export function paintEachFrame(painter: Painter): () => void {
  painters = [...painters, painter];
  if (painters.length === 1) loop();
  return () => {
    painters = painters.filter((one) => one !== painter);
    if (painters.length === 0) cancelAnimationFrame(frame);
  };
}
