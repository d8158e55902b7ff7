import { describe, expect, it } from "vitest";
import { alarmText, lastsText, stateText } from "./words";

const alarm = { rule_name: "Oil hot", message: "Oil temperature is 68.8 °C, above 65 °C", active: true };

describe("an alarm in words", () => {
  it("speaks of the present only while it is active", () => {
    expect(alarmText(alarm)).toBe("Oil temperature is 68.8 °C, above 65 °C");
    expect(alarmText({ ...alarm, active: false })).toBe("Oil temperature was 68.8 °C, above 65 °C");
  });
  it("leaves a sensor's name as it is", () =>
    expect(alarmText({ ...alarm, message: "Part is there is true", active: false })).toBe("Part is there was true"));
  it("has the rule's name to say when there is no message", () => expect(alarmText({ ...alarm, message: "", active: false })).toBe("Oil hot"));
  it("lasts until it is over", () => {
    const since = "2026-11-24T10:00:00Z";
    expect(lastsText({ since }, Date.parse("2026-11-24T10:03:05Z"))).toBe("3 min 05 s");
    expect(lastsText({ since, cleared_at: "2026-11-24T10:01:00Z" }, Date.parse("2026-11-24T12:00:00Z"))).toBe("lasted 1 min 00 s");
  });
  it("names who acknowledged it, and why", () => {
    expect(stateText({ state: "unacknowledged" })).toBe("Not acknowledged");
    expect(stateText({ state: "acknowledged", acknowledged_by: "maria", comment: null })).toBe("Acknowledged by maria");
    expect(stateText({ state: "acknowledged", acknowledged_by: "maria", comment: "Filter clogged" })).toBe("Acknowledged by maria: “Filter clogged”");
  });
});
