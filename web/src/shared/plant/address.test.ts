import { expect, it } from "vitest";
import { plantPath } from "./address";

it("knows the place by the address of its page", () => expect(plantPath("/plant/berlin/pressen/presse-1")).toBe("berlin/pressen/presse-1"));

it("knows none elsewhere", () => expect(["/", "/plant", "/plant/", "/alarms", "/plants/berlin"].map(plantPath)).toEqual(["", "", "", "", ""]));

it("takes what is no good address as it is typed", () => expect([plantPath("/plant/100%25"), plantPath("/plant/100%")]).toEqual(["100%", "100%"]));
