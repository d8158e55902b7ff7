import { expect, it } from "vitest";
import { walked } from "./useWalk";

const pieces = [10, 20, 30, 40];
const walk = (here: number | null, by: number) => walked(pieces, (n) => n, here, by);

it("goes from piece to piece, and not beyond the ends", () => expect([walk(20, 1), walk(20, -1), walk(40, 1), walk(10, -1), walk(20, 10), walk(20, -Infinity), walk(20, Infinity)]).toEqual([30, 10, 40, 10, 40, 10, 40]));
it("begins at an end", () => expect([walk(null, 1), walk(null, -1), walk(99, -1)]).toEqual([10, 40, 40]));
it("has nowhere to go without pieces", () => expect(walked([], Number, null, 1)).toBeUndefined());
