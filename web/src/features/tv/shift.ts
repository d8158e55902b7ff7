/** A few pixels to and fro, so that no picture burns into a screen that stands for years. Pure. */

const STEP_MS = 60_000;
const REACH = 8;

/** Where the board lies at an instant, in px; it comes round in a quarter of an hour. */
export function shiftAt(ms: number): [x: number, y: number] {
  const turn = ((Math.floor(ms / STEP_MS) % 16) / 16) * 2 * Math.PI;
  return [Math.round(REACH * Math.cos(turn)), Math.round(REACH * Math.sin(2 * turn))];
}
