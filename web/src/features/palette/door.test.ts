import { expect, it } from "vitest";
import { asksForPalette } from "./door";

const pressed = (key: string, more: object = {}) => asksForPalette({ key, ctrlKey: false, metaKey: false, altKey: false, target: null, ...more });
const writing = { target: { closest: () => ({}) } };

it("opens by Ctrl-K and Cmd-K anywhere", () => expect([pressed("k", { ctrlKey: true, ...writing }), pressed("K", { metaKey: true }), pressed("k")]).toEqual([true, true, false]));
it("opens by a slash, but not for one who is writing", () => expect([pressed("/"), pressed("/", writing), pressed("/", { ctrlKey: true })]).toEqual([true, false, false]));
