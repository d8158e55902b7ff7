import { describe, expect, it } from "vitest";
import type { Alarm } from "@/shared/api/types";
import { actsFor } from "./deeds";

const alarm = (more: Partial<Alarm>): Alarm => ({ state: "unacknowledged", ...more }) as Alarm;

describe("what may be done with an alarm", () => {
  it("that nobody has seen", () => expect(actsFor(alarm({}), "jan")).toEqual(["ack", "assign", "comments", "shelve", "out-of-service"]));
  it("that somebody sees to already", () => {
    expect(actsFor(alarm({ state: "acknowledged", assigned_to: "jan" }), "jan")).toEqual(["unassign", "comments", "shelve", "out-of-service"]);
    expect(actsFor(alarm({ state: "acknowledged", assigned_to: "jan" }), "maria")).toContain("assign");
  });
  it("that is latched: acknowledged first, then reset", () => {
    expect(actsFor(alarm({ state: "latched", acknowledged: false }), "jan")).toContain("ack");
    expect(actsFor(alarm({ state: "latched", acknowledged: false }), "jan")).not.toContain("reset");
    expect(actsFor(alarm({ state: "latched", acknowledged: true }), "jan").slice(0, 1)).toEqual(["reset"]);
  });
  it("that is hidden: shown again, and not acknowledged", () => {
    expect(actsFor(alarm({ state: "shelved", shelved_until: "2026-11-26T14:00:00Z" }), "jan")).toEqual(["unshelve", "assign", "comments", "out-of-service"]);
    expect(actsFor(alarm({ state: "out-of-service", out_of_service: true }), "jan")).toEqual(["in-service", "assign", "comments"]);
    expect(actsFor(alarm({ state: "suppressed" }), "jan")).not.toContain("ack");
  });
  it("that is over: kept from coming again", () => expect(actsFor(alarm({ state: "normal" }), "jan")).toEqual(["comments", "shelve", "out-of-service"]));
});
