import { expect, it } from "vitest";
import type { Device } from "@/shared/api/types";
import { readDevices, wanted } from "./view";

const device = (name: string, more: Partial<Device> = {}) => ({ name, username: `dev-${name}`, scope: "berlin", revoked: null, connected: true, quarantines: 0, quarantine: null, ...more }) as Device;
const ALL = [device("old", { revoked: "2026-11-25T11:00:00Z", connected: false }), device("press"), device("oven", { connected: false, scope: "berlin/ovens" }), device("flood", { quarantines: 3 })];
const names = (view: object) => wanted(ALL, view).map(({ name }) => name);

it("shows all, the revoked ones last", () => expect(names({})).toEqual(["flood", "oven", "press", "old"]));
it("shows those of a kind", () => expect((["admitted", "silent", "out", "revoked"] as const).map((show) => names({ show }))).toEqual([["flood", "oven", "press"], ["oven"], ["flood"], ["old"]]));
it("finds by words of name, user name and part", () => expect([names({ q: "ovens berlin" }), names({ q: "DEV-press" }), names({ q: "x" })]).toEqual([["oven"], ["press"], []]));
it("reads the address, and takes nothing else for a choice", () => expect([readDevices({ q: "a", show: "out" }), readDevices({ show: "all" }), readDevices({ show: "?" })]).toEqual([{ q: "a", show: "out" }, {}, {}]));
