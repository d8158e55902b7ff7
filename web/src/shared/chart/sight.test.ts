import { expect, it, vi } from "vitest";
import { Sight } from "./sight";

it("tells all charts where one of them points, once for each change", () => {
  const sight = new Sight();
  const tell = vi.fn();
  const end = sight.watch(tell);
  sight.point(5);
  sight.point(5);
  sight.point(null);
  end();
  sight.point(7);
  expect([tell.mock.calls.length, sight.ts]).toEqual([2, 7]);
});

it("shows what a hand holds, else the view", () => {
  const sight = new Sight();
  expect(sight.window({ range: "5m" }, 1_000_000)).toMatchObject({ live: true, from: 700_000 });
  sight.hold({ from: 1, to: 5 });
  expect(sight.window({ range: "5m" }, 1_000_000)).toEqual({ live: false, from: 1, to: 5, span: 4 });
});
