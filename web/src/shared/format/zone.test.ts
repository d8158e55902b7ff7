import { expect, it } from "vitest";
import { instantOf, offsetAt, wallOf } from "./zone";

const HOUR = 3_600_000;
const utc = (text: string): number => Date.parse(`${text}Z`);

it("knows summer time, half hours and the other side of the date line", () => {
  expect(offsetAt(utc("2026-07-01T12:00"), "Europe/Berlin")).toBe(2 * HOUR);
  expect(offsetAt(utc("2026-01-01T12:00"), "Europe/Berlin")).toBe(HOUR);
  expect(offsetAt(utc("2026-01-01T12:00:00.750"), "Asia/Kolkata")).toBe(5.5 * HOUR);
  expect(wallOf(utc("2026-01-01T12:00"), "Pacific/Kiritimati")).toBe(utc("2026-01-02T02:00"));
});

it("finds the instant of what a clock shows, over every hour of a year", () => {
  for (let at = utc("2026-01-01T00:30"); at < utc("2027-01-01T00:00"); at += HOUR) {
    const wall = wallOf(at, "America/New_York");
    expect(wallOf(instantOf(wall, "America/New_York"), "America/New_York")).toBe(wall);
  }
});

it("takes the first of an hour that comes twice, and goes on past one that is left out", () => {
  expect(instantOf(utc("2026-10-25T02:30"), "Europe/Berlin")).toBe(utc("2026-10-25T00:30"));
  expect(instantOf(utc("2026-03-29T02:30"), "Europe/Berlin")).toBe(utc("2026-03-29T01:30"));
});
