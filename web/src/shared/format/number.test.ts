import { describe, expect, it } from "vitest";
import { shareText, valueText } from "./number";

/** The decimal sign depends on who looks. */
const plain = (text: string): string => text.replace(",", ".");

describe("a value as people read it", () => {
  it("keeps its decimals, so that digits do not jump", () => {
    expect(plain(valueText(71, 1))).toBe("71.0");
    expect(plain(valueText(71.26, 1))).toBe("71.3");
    expect(plain(valueText(0.5, 3))).toBe("0.500");
  });
  it("never shows more than six decimals or fewer than none", () => {
    expect(plain(valueText(1 / 3, 20))).toBe("0.333333");
    expect(valueText(3.7, -2)).toBe("4");
  });
  it("writes what has too many digits to be read with its power of ten", () => {
    expect(plain(valueText(-1.7e308, 1))).toBe("-1.7E308");
    expect(plain(valueText(1.23456789e17, 0))).toBe("1.23457E17");
    expect(valueText(123_456_789_012, 0)).toHaveLength(15);
  });
  it("says switches and states in words", () => {
    expect([valueText(true), valueText(false), valueText("RUN")]).toEqual(["On", "Off", "RUN"]);
  });
  it("shows a dash for what is no value", () => {
    expect([null, undefined, Number.NaN, Number.POSITIVE_INFINITY].map((v) => valueText(v))).toEqual(["–", "–", "–", "–"]);
  });
});

it("writes parts in percent, with the decimal sign of all other numbers", () => {
  expect(plain(shareText(1 / 3))).toBe("33.3 %");
  expect(shareText(1, 0)).toBe("100 %");
  expect(shareText(1 / 3)).toContain(valueText(33.3));
});
