/** Whoever changes a colour hears at once whether everybody can still read what stands on it. */

import { describe, expect, test } from "vitest";
import css from "./tokens.css?raw";

const GROUNDS = ["ground", "panel", "raised", "sunk"];
const TEXTS = ["ink", "ink-soft", "ink-faint", "accent"];
const FILLS = ["critical", "high", "medium", "low", "accent"];

/** Colours of each theme; what a theme leaves out is as in the first one. */
function themes(): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  for (const [, name = "", body = ""] of css.matchAll(/(:root|\[data-theme="\w+"\]) \{(.*?)\n\}/gs)) {
    const own = [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, token = "", colour = ""]) => [token, colour] as const);
    found.set(name, new Map([...(found.get(":root") ?? []), ...own]));
  }
  return found;
}

/** Relative luminance of `#rrggbb`, by WCAG. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Pairs of tokens with less contrast than they need. */
const weak = (colours: Map<string, string>, pairs: (readonly [string, string])[], least: number): string[] =>
  pairs.filter(([on, under]) => contrast(colours.get(on) ?? "", colours.get(under) ?? "") < least).map(([on, under]) => `${on} on ${under}`);

const each = (over: string[], under: string[]) => over.flatMap((one) => under.map((other) => [one, other] as const));

test("there are three themes", () => {
  expect([...themes().keys()]).toEqual([":root", '[data-theme="dark"]', '[data-theme="contrast"]']);
});

describe.each([...themes()])("%s", (_name, colours) => {
  test("text is read on every ground", () => expect(weak(colours, each(TEXTS, GROUNDS), 4.5)).toEqual([]));
  test("text is read on every filled mark", () => expect(weak(colours, FILLS.map((fill) => [`${fill}-ink`, fill]), 4.5)).toEqual([]));
  test("edges of fields and the ring of the focus are seen", () =>
    expect(weak(colours, each(["line-strong", "focus"], ["panel", "raised"]), 3)).toEqual([]));
});
