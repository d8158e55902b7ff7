import { describe, expect, it } from "vitest";
import { around, limitsOf } from "./around";

const MINUTE = 60_000;
const at = (minutes: number): string => new Date(Date.parse("2026-11-26T10:00:00Z") + minutes * MINUTE).toISOString();
const ms = (minutes: number): number => Date.parse(at(minutes));

describe("the time around an alarm", () => {
  it("moves on while the alarm is there", () =>
    expect(around({ since: at(0), active: true, cleared_at: null }, ms(20))).toEqual({ fixed: { from: ms(-10), to: ms(20) }, view: { range: "1800s" } }));
  it("stands still once it is over, with what came after", () => {
    const { fixed, view } = around({ since: at(0), active: false, cleared_at: at(40) }, ms(600));
    expect(fixed).toEqual({ from: ms(-20), to: ms(60) });
    expect(view).toEqual(fixed);
  });
  it("is never so short that nothing is seen, and never in the future", () =>
    expect(around({ since: at(0), active: false, cleared_at: at(0.1) }, ms(1)).fixed).toEqual({ from: ms(-5), to: ms(1) }));
});

describe("the limits drawn", () => {
  const alarm = { limit: 65, value: 81.2, message: "Oil is 81.2 °C, above 65 °C" };
  it("are the sensor's, on the side of the alarm", () => expect(limitsOf(alarm, { ll: 1, l: 5, h: 80, hh: 95 })).toEqual({ h: 80, hh: 95 }));
  it("are the rule's where the sensor has none there", () => {
    expect(limitsOf(alarm, { l: 10 })).toEqual({ h: 65, hh: null });
    expect(limitsOf({ limit: 5, value: 2, message: "Flow is 2 m³/h, below 5 m³/h" }, {})).toEqual({ l: 5, ll: null });
  });
  it("are not those of a rate", () => expect(limitsOf({ ...alarm, message: "Oil rises 3 °C/min; 2 °C/min is allowed" }, {})).toEqual({}));
});
