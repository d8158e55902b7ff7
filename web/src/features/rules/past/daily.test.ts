import { expect, it } from "vitest";
import { slotsOf } from "./daily";

const DAY = 86_400_000;
const FROM = Date.parse("2026-10-24T22:00:00Z");
const at = (iso: string) => ({ since: iso });

it("counts by the day of whoever looks, also over the change of the clock", () => {
  const slots = slotsOf([at("2026-10-25T21:30:00Z"), at("2026-10-25T23:30:00Z"), at("2026-10-25T22:59:00Z")], FROM, FROM + 3 * DAY, "Europe/Berlin");
  expect(slots.map(({ count }) => count)).toEqual([2, 1, 0]);
  expect(new Date(slots[1]?.start ?? 0).toISOString()).toBe("2026-10-25T23:00:00.000Z");
});

it("counts a day by its hours", () => {
  const slots = slotsOf([at("2026-11-01T05:59:59Z"), at("2026-11-01T06:00:00Z")], Date.parse("2026-11-01T00:00:00Z"), Date.parse("2026-11-02T00:00:00Z"), "UTC");
  expect([slots.length, slots[5]?.count, slots[6]?.count, slots[7]?.count]).toEqual([24, 1, 1, 0]);
});
