import { describe, expect, it } from "vitest";
import { momentMs, typedText } from "./moment";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const DAY = 86_400_000;

describe("a time that is typed", () => {
  it.each([["now", NOW], ["-1h", NOW - 3_600_000], [" -2w ", NOW - 14 * DAY], ["-1y", NOW - 365 * DAY], ["-1h30m", NOW - 5_400_000], ["1732380000000", 1_732_380_000_000],
    ["2026-11-26T10:00:00Z", NOW - 7_200_000], ["2026-11-26 12:00+02:00", NOW - 7_200_000]])("%s", (text, ms) => expect(momentMs(text, NOW)).toBe(ms));
  it("is local without an offset, and midnight without a time", () => {
    expect(momentMs("2026-11-24 08:30", NOW)).toBe(new Date(2026, 10, 24, 8, 30).getTime());
    expect(momentMs("2026-11-24", NOW)).toBe(new Date(2026, 10, 24).getTime());
  });
  it.each(["", "yesterday", "-", "-1", "-1q", "1h", "2026-02-30", "2026-13-01", "2026-11-26 25:00", "26.11.2026", "1732380000", "9999999999999999", "-99999999999d"])("is not '%s'", (text) => expect(momentMs(text, NOW)).toBeNaN());
  it("reads what it writes", () => expect(momentMs(typedText(NOW), NOW)).toBe(NOW));
});
