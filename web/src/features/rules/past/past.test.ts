import { describe, expect, it } from "vitest";
import type { PastAlarm, RuleAdvice, SensorBacktest } from "@/shared/api/types";
import * as past from "./past";

const START = Date.parse("2026-11-01T00:00:00Z");
const END = START + 100_000_000;
const alarm = (from: number, to: number | null, severity: PastAlarm["severity"] = "low"): PastAlarm =>
  ({ since: new Date(START + from * 1e6).toISOString(), until: to === null ? null : new Date(START + to * 1e6).toISOString(), severity }) as PastAlarm;

describe("the strip", () => {
  it("shows each alarm where its time is", () =>
    expect(past.stretchesOf([alarm(50, 60, "high"), alarm(10, 20)], START, END)).toEqual([{ severity: "low", left: 10, width: 10, count: 1 }, { severity: "high", left: 50, width: 10, count: 1 }]));
  it("draws one that goes on up to the end, and one of a moment so that it is seen", () => {
    const [first, last] = past.stretchesOf([alarm(10, 10), alarm(90, null)], START, END);
    expect(first?.width).toBeGreaterThan(0.1);
    expect(last).toMatchObject({ left: 90, width: 10 });
  });
  it("draws a crowd as one, as severe as its worst", () => {
    const crowd = Array.from({ length: 500 }, (_, i) => alarm(20 + i * 0.01, 20 + i * 0.01 + 0.005, i === 7 ? "critical" : "low"));
    expect(past.stretchesOf(crowd, START, END)).toMatchObject([{ severity: "critical", count: 500 }]);
  });
});

it("says what would have come of a sensor", () => {
  const sensor = { count: 14, active_seconds: 11_400, longest_seconds: 2400, flaps: 9, fleeting: 0 } as SensorBacktest;
  expect(past.outcomeText(sensor)).toBe("14 alarms, active for 3 h 10 min in all, the longest 40 min 00 s; 9 came back within a minute.");
  expect(past.outcomeText({ ...sensor, count: 0 })).toContain("not have raised");
});

describe("advice", () => {
  const advice = (change: RuleAdvice["change"], more: Partial<RuleAdvice> = {}): RuleAdvice => ({ change, alarms_before: 14, alarms: 2, lost: 0, recommended: false, text: "", ...more });
  it("is taken into the form", () => expect([past.takeAdvice(advice({ deadband: 1.6 })), past.takeAdvice(advice({ off_delay: "30s" }))]).toEqual([{ deadband: "1.6" }, { offDelay: "30s" }]));
  it("says what to write and what it does", () => {
    expect(past.changeText(advice({ on_delay: "10s" }))).toBe("on delay 10 s");
    expect(past.effectText(advice({}))).toBe("14 alarms become 2; none that lasted over a minute is lost");
    expect(past.effectText(advice({}, { lost: 3 }))).toContain("3 that lasted over a minute are lost");
  });
  it("is shown best first", () => {
    const all = [advice({ on_delay: "60s" }, { alarms: 0, lost: 4 }), advice({ off_delay: "5s" }, { alarms: 9 }), advice({ deadband: 1 }, { alarms: 3, recommended: true })];
    expect(past.bestAdvice(all, 2).map(past.changeText)).toEqual(["deadband 1", "off delay 5 s"]);
  });
});
