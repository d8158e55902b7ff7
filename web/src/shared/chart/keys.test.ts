import { expect, it } from "vitest";
import { deedOf } from "./keys";
import { Track } from "./track";

const track = new Track();
track.load({ resolution: "raw", points: Array.from({ length: 50 }, (_, i) => [i * 1000, i]) });
const stretch = { from: 10_000, to: 30_000 };
const press = (key: string, ts: number | null, many = false) => deedOf(key, many, track, ts, stretch, 100_000);

it("moves the crosshair from point to point, and no further than one sees", () => {
  expect(press("ArrowRight", 12_000)).toEqual({ kind: "point", ts: 13_000 });
  expect(press("ArrowLeft", 12_000, true)).toEqual({ kind: "point", ts: 10_000 });
  expect(press("ArrowLeft", null)).toEqual({ kind: "point", ts: 30_000 });
  expect([press("Home", 12_000), press("End", null)]).toEqual([{ kind: "point", ts: 10_000 }, { kind: "point", ts: 30_000 }]);
});

it("zooms about the crosshair, and steps through time", () => {
  expect(press("+", 10_000)).toEqual({ kind: "view", stretch: { from: 10_000, to: 20_000 } });
  expect(press("-", null)).toEqual({ kind: "view", stretch: { from: 0, to: 40_000 } });
  expect(press("PageUp", null)).toEqual({ kind: "view", stretch: { from: 0, to: 20_000 } });
});

it("traces the point, lets go of it, and then goes back to live", () => {
  expect([press("Enter", 12_000), press("Enter", null)]).toEqual([{ kind: "trace", ts: 12_000 }, null]);
  expect([press("Escape", 12_000), press("Escape", null)]).toEqual([{ kind: "point", ts: null }, { kind: "back" }]);
});

it("leaves all other keys to the page", () => expect([press("Tab", null), press("a", 1)]).toEqual([null, null]));
