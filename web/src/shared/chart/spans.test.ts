import { expect, it } from "vitest";
import { alarmsAt, alarmsIn, laneOf, spanOf } from "./spans";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const alarm = (id: string, from: number, to: number | null, severity: "high" | "low" = "high") => ({
  id, severity, active: to === null, since: new Date(NOW + from).toISOString(), cleared_at: to === null ? null : new Date(NOW + to).toISOString(), acknowledged_at: null,
});

it("reaches from when it was raised to when it was over, or to now", () => {
  expect(spanOf(alarm("a", -9000, -4000), NOW)).toEqual({ from: NOW - 9000, to: NOW - 4000, acknowledged: undefined });
  expect(spanOf({ ...alarm("a", -9000, null), acknowledged_at: new Date(NOW - 1).toISOString() }, NOW)).toEqual({ from: NOW - 9000, to: NOW, acknowledged: NOW - 1 });
});

it("lays alarms of one time below one another, the more severe above", () => {
  const lanes = laneOf([alarm("low", -9000, -1000, "low"), alarm("high", -9000, -1000), alarm("later", -500, null)], NOW);
  expect([lanes.get("high"), lanes.get("low"), lanes.get("later")]).toEqual([0, 1, 0]);
});

it("has three lanes, however many alarms come at once", () =>
  expect(Math.max(...laneOf(Array.from({ length: 9 }, (_, i) => alarm(String(i), -900, null)), NOW).values())).toBe(2));

it("knows what was there at an instant, and what reaches into a stretch", () => {
  const alarms = [alarm("a", -9000, -4000), alarm("b", -5000, null)];
  expect(alarmsAt(alarms, NOW - 4500, NOW).map((a) => a.id)).toEqual(["a", "b"]);
  expect(alarmsAt(alarms, NOW - 8000, NOW).map((a) => a.id)).toEqual(["a"]);
  expect(alarmsIn(alarms, NOW - 3000, NOW, NOW).map((a) => a.id)).toEqual(["b"]);
});
