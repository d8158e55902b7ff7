import { expect, it } from "vitest";
import { AS_BROWSER, language, locale, perPreferences, prefer, preferences, readPreferences, timeZone } from "./preferences";

it("leaves to the browser what makes no sense", () => {
  expect(readPreferences(null)).toEqual(AS_BROWSER);
  expect(readPreferences({ language: "fr", theme: "pink", numbers: "not a tag", zone: "Mars/Base", sound: "yes" })).toEqual(AS_BROWSER);
  const wanted = { language: "de", theme: "contrast", numbers: "de-CH", zone: "Europe/Zurich", sound: true };
  expect(readPreferences(wanted)).toEqual(wanted);
});

it("speaks and counts as somebody chose, and makes a format once for each choice", () => {
  const made = perPreferences(() => new Intl.NumberFormat(locale()));
  prefer({ language: "de", numbers: "de-DE", zone: "Asia/Tokyo" });
  expect([language(), locale(), timeZone(), made().format(1234.5)]).toEqual(["de", "de-DE", "Asia/Tokyo", "1.234,5"]);
  expect(made()).toBe(made());
  prefer({ numbers: "en-US" });
  expect(made().format(1234.5)).toBe("1,234.5");
  prefer(AS_BROWSER);
  expect(preferences()).toEqual(AS_BROWSER);
});
