import { describe, expect, it } from "vitest";
import { areGone, gapText, instantText, senderText } from "./trace";

describe("from hop to hop", () => {
  it.each([
    [null, ""],
    [0, "at once"],
    [0.42, "+0.4 ms"],
    [61.4, "+61 ms"],
    [10_000, "+10 s"],
    [3 * 3_600_000 + 120_000, "+3 h 02 min"],
    [-300_000, "−5 min 00 s, a clock is ahead"],
  ])("%s ms is told as %s", (ms, text) => {
    expect(gapText(ms)).toBe(text);
  });

  it("an instant keeps its milliseconds", () => {
    expect(instantText("2026-11-26T14:03:22.007Z")).toMatch(/:22\.007$/);
  });
});

describe("who sent it", () => {
  it("is who says so, or the one device that speaks for the machine", () => {
    expect(senderText({ source: "http", by: "ann", devices: [] })).toBe("ann, by HTTP");
    expect(senderText({ source: "mqtt", by: "", devices: ["gateway-1"] })).toBe("gateway-1, by MQTT");
  });

  it("stays open where several may have, or nobody is known", () => {
    expect(senderText({ source: "mqtt", by: "", devices: ["a", "b"] })).toBe("one of a, b, by MQTT");
    expect(senderText({ source: "mqtt", by: "", devices: ["a", "b", "c", "d", "e", "f"] })).toBe("one of a, b, c, d, e …, by MQTT");
    expect(senderText({ source: "platform", by: "", devices: [] })).toBe("Andon itself");
  });
});

describe("a point that is drawn for many values", () => {
  it.each([
    ["raw", 60_000, false],
    ["2m", 12 * 3_600_000, false],
    ["200ms", 60_000, false],
    ["1m", 60_000, true],
    ["1h", 3_600_000, true],
    ["1h", 60_000, true],
  ])("looked at closer in buckets of %s, of the %s ms that it stands for: its values are gone is %s", (resolution, width, gone) => {
    expect(areGone(resolution, width)).toBe(gone);
  });
});
