import { expect, it } from "vitest";
import { numberOptions, offsetText, sampleOf, zoneChoices } from "./samples";

const NOON = Date.UTC(2026, 10, 26, 12);

it("shows each number format as it looks", () => {
  expect(sampleOf("de-DE", NOON, "Europe/Berlin")).toBe("1.234,5 · 26.11.26, 13:00");
  expect(Object.fromEntries(numberOptions("en", NOON, "UTC"))["de-CH"]).toMatch(/^German \(Switzerland\): 1.234\.5 · 26/);
});

it("knows how far a zone is from UTC, in summer and in winter", () => {
  expect([offsetText("Europe/Berlin", NOON), offsetText("Europe/Berlin", Date.UTC(2026, 6, 1)), offsetText("UTC", NOON)]).toEqual(["UTC+01:00", "UTC+02:00", "UTC+00:00"]);
  expect(zoneChoices(NOON).filter((c) => c.value === "America/New_York")).toEqual([{ value: "America/New_York", text: "America/New York", place: "UTC-05:00" }]);
});
