import { describe, expect, it } from "vitest";
import { proofOf, told } from "./proof";
import type { DeviceLine } from "./types";
import { verdictOf } from "./verdict";

const WELL = [{ name: "query", wrong: [], recent: [] }];
const SICK = [{ name: "query", wrong: ["influxdb: away"], recent: [] }, { name: "ingest", wrong: [], recent: [] }];

describe("one sentence", () => {
  it("says that all is fine, and what is known of it", () => {
    expect(verdictOf(WELL, undefined, undefined)).toEqual({ isFine: true, text: "Everything is fine: all services answer." });
    expect(verdictOf(WELL, { balanced: true }, { trouble: "" })?.text).toBe("Everything is fine: all services answer, everything that came in is accounted for, and readings arrive in time.");
  });
  it("says what is not", () =>
    expect(verdictOf(SICK, { balanced: false }, { trouble: "the canary is away" })).toEqual({ isFine: false, text: "Something is wrong: Query is not well, not everything that came in is accounted for, and readings do not arrive." }));
  it("waits for the services", () => expect(verdictOf(undefined, { balanced: true }, undefined)).toBeUndefined());
});

const line = (more: Partial<DeviceLine>) => ({ received: 0, published: 0, dead_lettered: 0, duplicate: 0, retained: 0, readings: 0, stored: 0, in_flight: 0, refused: 0, lost: 0, ...more }) as DeviceLine;

it("adds up what became of everything", () => {
  const items = [line({ received: 10, published: 8, dead_lettered: 1, readings: 16, stored: 15, in_flight: 1 }), line({ received: 3, published: 2, duplicate: 1, readings: 2, stored: 2 })];
  const { messages, readings } = proofOf({ items, unexplained: 0 });
  expect([messages.whole.n, told(messages).map(({ name, n }) => [name, n])]).toEqual([13, [["published", 10], ["deadLetters", 1], ["duplicates", 1], ["inHand", 1]]]);
  expect([readings.whole.n, told(readings).map(({ name, n }) => [name, n])]).toEqual([18, [["stored", 17], ["underWay", 1]]]);
});

it("calls what nobody can explain by its name, and not under way", () =>
  expect(told(proofOf({ items: [line({ received: 5, published: 3 })], unexplained: 2 }).messages).map(({ name, n, isFault }) => [name, n, isFault])).toEqual([["published", 3, false], ["unexplained", 2, true]]));

it("has a first part even where nothing came", () => expect(told(proofOf({ items: [], unexplained: 0 }).readings)).toEqual([{ name: "stored", n: 0, isFault: false }]));
