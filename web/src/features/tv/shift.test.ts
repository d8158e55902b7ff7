import { expect, it } from "vitest";
import { shiftAt } from "./shift";

it("stays for a minute, and is elsewhere in the next ones", () => {
  expect(shiftAt(59_999)).toEqual(shiftAt(0));
  expect(new Set(Array.from({ length: 16 }, (_, i) => shiftAt(i * 60_000).join())).size).toBeGreaterThan(8);
});
