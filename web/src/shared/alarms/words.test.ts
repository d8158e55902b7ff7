import { describe, expect, it } from "vitest";
import { alarmText, eventText, groupText, lastsText, levelText, plainText, stateText } from "./words";

const alarm = { rule_name: "Oil hot", message: "Oil temperature is 68.8 °C, above 65 °C", active: true };

describe("an alarm in words", () => {
  it("speaks of the present only while it is active", () => {
    expect(plainText(alarm)).toBe("Oil temperature is 68.8 °C, above 65 °C");
    expect(plainText({ ...alarm, active: false })).toBe("Oil temperature was 68.8 °C, above 65 °C");
  });
  it("leaves a sensor's name as it is", () =>
    expect(alarmText({ ...alarm, message: "Part is there is true", active: false })).toBe("Part is there was true"));
  it("keeps its numbers and their units on one line", () => expect(alarmText(alarm)).toBe("Oil temperature is 68.8\u00a0°C, above 65\u00a0°C"));
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
  it("says what hides it, until when, and why", () => {
    const now = new Date(2026, 10, 24, 10).getTime();
    const until = new Date(2026, 10, 24, 14).toISOString();
    expect(stateText({ state: "shelved", shelved_until: until, shelved_by: "maria", shelved_reason: "Spare part ordered" }, now))
      .toBe("Shelved until 14:00:00 by maria: “Spare part ordered”");
    expect(stateText({ state: "suppressed", suppressed_by: "Mill out counts only during nights" })).toBe("Suppressed: Mill out counts only during nights");
    expect(stateText({ state: "out-of-service", service_reason: "Sensor broken" })).toBe("Out of service: “Sensor broken”");
    expect(stateText({ state: "latched", acknowledged_by: null })).toBe("Latched, not acknowledged");
    expect(stateText({ state: "normal", acknowledged_by: "jan", comment: "Oil" })).toBe("Closed, acknowledged by jan: “Oil”");
    expect(stateText({ state: "latched", acknowledged_by: "jan" })).toBe("Latched, acknowledged by jan");
  });
  it("names levels as a drawing does", () => expect(["hh", "l", "", "3", "danger"].map((level) => levelText({ level }))).toEqual(["HH", "L", "", "3", "danger"]));
  it("says which group it belongs to", () => expect(groupText("robots@berlin/painting/line-1")).toBe("robots, berlin/painting/line-1"));
  it("says what happened, else where it stands", () => {
    expect(eventText({ event: "realarmed", to: "unacknowledged" })).toBe("Asked again");
    expect(eventText({ to: "returned" })).toBe("Returned, not acknowledged");
  });
});
