import { expect, it } from "vitest";
import { missedSince } from "./since";

const cell = (ts: number) => ({ ts, value: 1, quality: "good" as const, interval: 0 });

it("begins with the sensor that has been silent for the longest", () => expect(missedSince([cell(2000), cell(1000.7)])).toBe(1000));
it("asks for nothing where nothing is drawn", () => expect(missedSince([])).toBeUndefined());
it("leaves it to history where a sensor has no value yet", () => expect(missedSince([cell(1000), undefined])).toBeUndefined());
