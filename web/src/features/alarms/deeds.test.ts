import { describe, expect, it } from "vitest";
import type { Alarm } from "@/shared/api/types";
import { actsFor, undoOf } from "./deeds";

const alarm = (more: Partial<Alarm>): Alarm => ({ state: "unacknowledged", ...more }) as Alarm;

describe("what may be done with an alarm", () => {
  it("that nobody has seen", () => expect(actsFor(alarm({}), "jan")).toEqual(["ack", "assign", "give", "comments", "shelve", "out-of-service"]));
  it("that somebody sees to already", () => {
    expect(actsFor(alarm({ state: "acknowledged", assigned_to: "jan" }), "jan")).toEqual(["unassign", "give", "comments", "shelve", "out-of-service"]);
    expect(actsFor(alarm({ state: "acknowledged", assigned_to: "jan" }), "maria")).toContain("assign");
  });
  it("that is latched: acknowledged first, then reset", () => {
    expect(actsFor(alarm({ state: "latched", acknowledged: false }), "jan")).toContain("ack");
    expect(actsFor(alarm({ state: "latched", acknowledged: false }), "jan")).not.toContain("reset");
    expect(actsFor(alarm({ state: "latched", acknowledged: true }), "jan").slice(0, 1)).toEqual(["reset"]);
  });
  it("that is hidden: shown again, and not acknowledged", () => {
    expect(actsFor(alarm({ state: "shelved", shelved_until: "2026-11-26T14:00:00Z" }), "jan")).toEqual(["unshelve", "assign", "give", "comments", "out-of-service"]);
    expect(actsFor(alarm({ state: "out-of-service", out_of_service: true }), "jan")).toEqual(["in-service", "assign", "give", "comments"]);
    expect(actsFor(alarm({ state: "suppressed" }), "jan")).not.toContain("ack");
  });
  it("that is over: kept from coming again", () => expect(actsFor(alarm({ state: "normal" }), "jan")).toEqual(["comments", "shelve", "out-of-service"]));
});

describe("what takes a deed back", () => {
  it("shows what was shelved or out of service", () =>
    expect([undoOf({ verb: "shelve", body: { for: "8h", reason: "x" } }, alarm({})), undoOf({ verb: "out-of-service", body: { reason: "x" } }, alarm({}))])
      .toEqual([{ verb: "unshelve" }, { verb: "in-service" }]));
  it("gives an alarm back to whoever had it", () => {
    expect(undoOf({ verb: "assign", body: { to: "jan" } }, alarm({ assigned_to: "maria" }))).toEqual({ verb: "assign", body: { to: "maria" } });
    expect(undoOf({ verb: "assign", body: { to: "jan" } }, alarm({}))).toEqual({ verb: "assign", body: { to: null } });
  });
  it("is nothing for what was seen or written", () => expect([undoOf({ verb: "ack" }, alarm({})), undoOf({ verb: "comments", body: { text: "x" } }, alarm({}))]).toEqual([undefined, undefined]));
});
