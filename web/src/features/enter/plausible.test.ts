import { describe, expect, it } from "vitest";
import { doubtOf } from "./plausible";

const limits = (more: object) => ({ limits: { ll: null, l: null, h: null, hh: null, ...more } });

describe("a reading is looked at twice", () => {
  it("beyond a limit, and the outermost one is named", () => {
    const level = limits({ ll: 20, l: 35, h: 95 });
    expect([10, 30, 35, 95, 96].map((value) => doubtOf(level, value, undefined))).toEqual([
      { kind: "beyond", limit: "ll", at: 20 }, { kind: "beyond", limit: "l", at: 35 }, undefined, undefined, { kind: "beyond", limit: "h", at: 95 },
    ]);
  });
  it("when a decimal sign seems to be missing", () => {
    const current = limits({ h: 95 });
    expect(doubtOf(current, 7.9, 80)).toEqual({ kind: "jump", last: 80 });
    expect(doubtOf(limits({}), 431, 44)).toEqual({ kind: "jump", last: 44 });
    expect([doubtOf(current, 40, 80), doubtOf(current, 5, 0), doubtOf(current, 5, undefined)]).toEqual([undefined, undefined, undefined]);
  });
  it("but not for coming far, between limits on both sides", () => expect(doubtOf(limits({ l: 2, h: 60 }), 40, 4)).toBeUndefined());
  it("when it is a word that nobody has said before", () => {
    expect(doubtOf(limits({}), "RUNN", "RUN", ["RUN", "IDLE"])).toEqual({ kind: "newWord", known: ["RUN", "IDLE"] });
    expect([doubtOf(limits({}), "IDLE", "RUN", ["RUN", "IDLE"]), doubtOf(limits({}), "ok", undefined, []), doubtOf(limits({}), true, false)]).toEqual([undefined, undefined, undefined]);
  });
});
