import { expect, it } from "vitest";
import type { Device } from "@/shared/api/types";
import { heardText, quotaText, rateText, standingOf } from "./standing";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const device = (more: Partial<Device>) => ({ id: "d", name: "Gateway", username: "gw", scope: "", created: "2026-11-01T00:00:00Z", revoked: null, rate: 0, bytes_rate: 0, quota: 5000, quarantines: 0, quarantine: null, ...more }) as Device;
const quarantine = { since: "2026-11-25T11:59:55Z", until: "2026-11-25T12:01:05Z", reason: "sends more messages than it may; its quota is 5,000 a second", times: 1 };

it("says how long a device is kept out yet, and why", () => {
  expect(standingOf(device({}), NOW)).toEqual({ text: "Admitted", why: "", isOut: false });
  expect(standingOf(device({ quarantine, quarantines: 1 }), NOW)).toEqual({ text: "Kept out for 1 min 05 s more", why: "Kept out once lately; it sends more messages than it may; its quota is 5,000 a second", isOut: true });
  expect(standingOf(device({ revoked: "2026-11-25T11:00:00Z", quarantines: 1 }), NOW)).toMatchObject({ why: "", isOut: false });
});

it("calls short times out, one after the other, what they are", () => {
  const short = { ...quarantine, until: "2026-11-25T11:59:56Z" };
  expect(standingOf(device({ quarantine: short, quarantines: 7 }), NOW)).toEqual({ text: "Slowed to its quota", why: "Kept out 7 times lately; it sends more messages than it may; its quota is 5,000 a second", isOut: false });
  expect(standingOf(device({ quarantines: 7 }), NOW)).toEqual({ text: "Slowed to its quota", why: "Kept out 7 times lately", isOut: false });
});

it("tells rates in three digits that count", () => {
  expect([rateText(0), rateText(0.25), rateText(12.4), rateText(61_234)]).toEqual(["0 msg/s", "0.3 msg/s", "12 msg/s", "61,234 msg/s"]);
  expect(quotaText(device({}))).toBe("of 5,000");
  expect(quotaText(device({ bytes_rate: 3 * 2 ** 20 }))).toBe("of 5,000 · 3.1 MB/s");
  expect(quotaText(device({ bytes_rate: 900 }))).toBe("of 5,000 · 900 B/s");
});

it("says when it was heard", () => expect([heardText(device({ last_seen: "2026-11-25T11:59:00Z" }), NOW), heardText(device({}), NOW)]).toEqual(["1 min 00 s ago", "never"]));
