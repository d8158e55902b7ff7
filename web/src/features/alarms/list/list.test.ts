import { describe, expect, it } from "vitest";
import type { Alarm } from "@/shared/api/types";
import { hold } from "./hold";
import { commandOf, landing, stepOf } from "./keys";
import { NONE, pick } from "./pick";
import { scrollTo, stretchOf } from "./window";

const press = (key: string, more: Partial<KeyboardEvent> = {}) => commandOf({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more } as KeyboardEvent);

describe("a long list", () => {
  it("draws what is on screen and a little beyond", () => {
    expect(stretchOf(0, 600, 60, 5000)).toEqual({ first: 0, last: 19 });
    expect(stretchOf(60_000, 600, 60, 5000)).toEqual({ first: 992, last: 1019 });
  });
  it("draws all of a short one", () => expect(stretchOf(0, 600, 60, 3)).toEqual({ first: 0, last: 3 }));
  it("draws its end when it has become shorter than where one was", () => expect(stretchOf(60_000, 600, 60, 20)).toEqual({ first: 2, last: 20 }));
  it("is scrolled no further than to see a row whole", () => {
    expect(scrollTo(3, 60, 30, 0, 600)).toBe(0);
    expect(scrollTo(3, 60, 30, 400, 600)).toBe(180);
    expect(scrollTo(20, 60, 30, 0, 600)).toBe(690);
  });
});

describe("a list that is held", () => {
  const alarm = (id: string, state: Alarm["state"] = "unacknowledged"): Alarm => ({ id, state }) as Alarm;
  it("keeps its order, shows what changed, and lets nothing in or out", () => {
    const { rows, gone, waiting } = hold([alarm("a"), alarm("b"), alarm("c")], [alarm("new"), alarm("c"), alarm("a", "acknowledged")]);
    expect(rows).toEqual([alarm("a", "acknowledged"), alarm("b"), alarm("c")]);
    expect([[...gone], waiting]).toEqual([["b"], 1]);
  });
});

describe("ticking", () => {
  const order = ["a", "b", "c", "d", "e"];
  it("goes from the last one to this one with shift", () => {
    const from = pick(NONE, order, "b", true, false);
    expect([...pick(from, order, "d", true, true).ids]).toEqual(["b", "c", "d"]);
    expect([...pick({ ids: new Set(order), anchor: "d" }, order, "b", false, true).ids]).toEqual(["a", "e"]);
  });
  it("ticks one where the last one has gone", () => expect([...pick({ ids: new Set(), anchor: "x" }, order, "c", true, true).ids]).toEqual(["c"]));
});

describe("keys", () => {
  it("move, choose and do", () =>
    expect([press("j"), press("ArrowUp"), press("x"), press("a"), press("s"), press("Enter"), press("?"), press("ArrowDown", { shiftKey: true })])
      .toEqual(["next", "previous", "pick", "ack", "shelve", "open", "help", "extend"]));
  it("leave the browser its own", () =>
    expect([press("s", { ctrlKey: true }), press("j", { metaKey: true }), press("ArrowUp", { altKey: true }), press("Tab"), press("a", { ctrlKey: true })]).toEqual([undefined, undefined, undefined, undefined, "all"]));
  it("stay within the list", () => {
    expect(landing(-1, 1, 5)).toBe(0);
    expect(landing(4, 1, 5)).toBe(4);
    expect(landing(2, stepOf("back", 10), 5)).toBe(0);
    expect(landing(-1, stepOf("last", 10), 5)).toBe(4);
  });
});
