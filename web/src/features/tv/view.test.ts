import { expect, it } from "vitest";
import { readTv, stayMs } from "./view";

it("takes a part of the plant and a time from the address", () => {
  expect(readTv({ under: "/berlin/pressing/", every: "30s" })).toEqual({ under: "berlin/pressing", every: "30s" });
  expect(readTv({ under: 3, every: "soon" })).toEqual({});
});

it.each([[{}, 20_000], [{ every: "1m" }, 60_000], [{ every: "1s" }, 5_000], [{ every: "1d" }, 600_000]])("%o stays %i ms", (view, ms) => expect(stayMs(view)).toBe(ms));
