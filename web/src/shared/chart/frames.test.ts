import { expect, it } from "vitest";
import { paintSome, type Painter } from "./frames";

function scene(cost: number, dirty: readonly boolean[]) {
  const painted: number[] = [];
  let now = 0;
  const painters = dirty.map((is, i): Painter => () => {
    if (!is) return false;
    painted.push(i);
    now += cost;
    return true;
  });
  return { painters, painted, clock: () => now };
}

it("draws all that changed where they fit into a frame", () => {
  const { painters, painted, clock } = scene(1, [true, false, true]);
  expect(paintSome(painters, 0, clock, 7)).toBe(0);
  expect(painted).toEqual([0, 2]);
});

it("goes on in the next frame where it stopped, so that none is left out", () => {
  const { painters, painted, clock } = scene(4, [true, true, true, true, true]);
  let at = paintSome(painters, 0, clock, 7);
  expect([at, painted]).toEqual([2, [0, 1]]);
  at = paintSome(painters, at, clock, 7);
  at = paintSome(painters, at, clock, 7);
  expect(painted).toEqual([0, 1, 2, 3, 4, 0]);
});

it("has nothing to do without charts", () => expect(paintSome([], 3, () => 0)).toBe(3));
