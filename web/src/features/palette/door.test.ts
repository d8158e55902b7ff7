import { afterEach, expect, it } from "vitest";
import { asksForPalette, closePalette, onTypedAhead, openPalette, typeAhead, typedAhead } from "./door";

const press = (key: string, more: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });
const field = { closest: () => ({}) } as unknown as Element;
afterEach(closePalette);

it("opens by Ctrl-K and Cmd-K anywhere", () => {
  expect([asksForPalette(press("k", { ctrlKey: true }), field), asksForPalette(press("K", { metaKey: true }), null), asksForPalette(press("k"), null)]).toEqual([true, true, false]);
});

it("opens by a slash, but not for one who is writing", () => {
  expect([asksForPalette(press("/"), null), asksForPalette(press("/"), field), asksForPalette(press("/", { ctrlKey: true }), null)]).toEqual([true, false, false]);
});

it("loses no letter of one who types before the field is there", () => {
  const type = (...keys: string[]) => keys.map((key) => typeAhead(press(key), null));
  expect(type("x")).toEqual([false]);
  openPalette();
  type("o", "i", "k", "Backspace", "Shift");
  expect(typedAhead()).toBe("oi");
  const told: string[] = [];
  const stop = onTypedAhead((text) => told.push(text));
  type("l");
  stop();
  expect([told, typeAhead(press("a"), field), typeAhead(press("c", { ctrlKey: true }), null)]).toEqual([["oi", "oil"], false, false]);
  closePalette();
  openPalette();
  expect(typedAhead()).toBe("");
});
