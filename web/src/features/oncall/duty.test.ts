import { describe, expect, it } from "vitest";
import type { Shift } from "@/shared/api/types";
import * as duty from "./duty";
import { markOf, placesOf } from "./weeks";

const at = (day: number, hour = 0): number => Date.UTC(2026, 10, day, hour);
const shift = (member: string | null, from: number, to: number): Shift => ({ member, from: new Date(at(from)).toISOString(), to: new Date(at(to)).toISOString() });
const turns = duty.turnsOf([shift("ada", 1, 3), shift("ada", 3, 8), shift(null, 8, 10), shift("ben", 10, 15)]);

describe("turns", () => {
  it("are one where nothing changes", () => expect(turns.map(({ member }) => member)).toEqual(["ada", null, "ben"]));
  it("tell who is on call, who is next, and where nobody is", () => {
    expect(duty.turnAt(turns, at(4))?.member).toBe("ada");
    expect(duty.turnAfter(turns, at(4))?.member).toBe("ben");
    expect(duty.gapsOf(turns, at(4))).toEqual([{ member: null, from: at(8), to: at(10) }]);
    expect(duty.gapsOf(turns, at(10))).toEqual([]);
  });
  it("have no known end at the end of what is known", () => expect(turns.map((turn) => duty.endOf(turns, turn))).toEqual([at(8), at(10), undefined]));
});

describe("am I on call", () => {
  const rotas = [{ name: "rota", turns }];
  it("knows my channels by my name, and by my browsers", () => {
    const channels = [{ name: "Ada", kind: "email", target: "a@example.com" }, { name: "night", kind: "push", target: "ada" }, { name: "all", kind: "push", target: "*" }] as const;
    expect(duty.ownNames("ada", channels)).toEqual(["Ada", "night"]);
  });
  it("says until when, and who is next", () => {
    expect(duty.dutiesOf(["ada"], rotas, at(4))).toEqual({ now: [{ schedule: "rota", from: at(1), until: at(8), after: undefined }], next: undefined });
    expect(duty.dutiesOf(["ben"], rotas, at(4))).toEqual({ now: [], next: { schedule: "rota", from: at(10), until: undefined, after: undefined } });
  });
});

describe("strips of weeks", () => {
  it("cut turns at their ends", () => {
    expect(placesOf(turns, at(1), 0, "UTC").map(({ member, left, width }) => [member, left, width])).toEqual([["ada", 0, 100]]);
    expect(placesOf(turns, at(1), 1, "UTC").map(({ member }) => member)).toEqual([null, "ben"]);
  });
  it("mark the moment on its own week alone", () => {
    expect(markOf(at(8, 12), at(1), 0, "UTC")).toBeUndefined();
    expect(markOf(at(8, 12), at(1), 1, "UTC")).toBeCloseTo(50 / 7, 6);
  });
  it("give a day of 25 hours no more room", () => {
    const change = [{ member: "ada", from: Date.UTC(2026, 9, 24, 22), to: Date.UTC(2026, 9, 25, 23) }];
    expect(placesOf(change, Date.UTC(2026, 9, 24, 22), 0, "Europe/Berlin")[0]?.width).toBeCloseTo(100 / 7, 6);
  });
});
