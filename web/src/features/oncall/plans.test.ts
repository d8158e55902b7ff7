import { describe, expect, it } from "vitest";
import type { Policy, Silence } from "@/shared/api/types";
import * as plans from "./plans";
import { readOnCall } from "./view";

describe("plans in words", () => {
  it("name days as people do", () => {
    expect(plans.daysText(["mon", "tue", "wed", "thu", "fri"])).toBe("Mon to Fri");
    expect(plans.daysText(["sun", "sat"])).toBe("Sat, Sun");
    expect(plans.daysText(plans.WEEKDAYS)).toBe("every day");
    expect(plans.calendarText({ hours: [{ days: ["mon", "wed"], start: "06:00", end: "14:00" }] })).toBe("Mon, Wed 06:00 to 14:00");
  });
  it("tell a policy", () => {
    const policy = { name: "night", steps: [{ after: "0s", to: ["maintenance"] }, { after: "15m", to: ["lead", "on call"] }], repeat: "1h", repeats: 3, quiet: { calendar: "nights", below: "high" }, group_by: "line", group_wait: "30s" } as Policy;
    expect(policy.steps.map(plans.stepText)).toEqual(["at once: maintenance", "after 15 min: lead, on call"]);
    expect(plans.policyText(policy)).toEqual(["Again every 1 h, 3 times at most.", "During nights, what is below high waits.", "Alarms of one line are told together, after 30 s."]);
    expect(plans.policyText({ ...policy, repeat: null, quiet: null, group_by: "none" })).toEqual([]);
  });
  it("tell what a silence covers", () => {
    const silence = { rule: "Gearbox hot", below: "high", under: "berlin" } as Silence;
    expect(plans.coversText(silence, () => "Berlin")).toBe("rule Gearbox hot, severity below high, in Berlin");
    expect(plans.coversText({ ...silence, rule: null, below: null, under: "" }, () => "")).toBe("the whole plant");
  });
  it("put silences that hold first, and those that are over last", () => {
    const at = (hour: number): string => new Date(Date.UTC(2026, 10, 26, hour)).toISOString();
    const silence = (id: string, from: number, more: Partial<Silence> = {}) => ({ id, from: at(from), to: at(from + 1), weekly: false, until: null, ended_at: null, holds: false, ...more }) as Silence;
    const found = [silence("over", 1), silence("weekly", 2, { weekly: true }), silence("later", 20), silence("soon", 15), silence("ended", 16, { ended_at: at(11) }), silence("now", 12, { holds: true })];
    expect(plans.inOrder(found, Date.parse(at(12))).map(({ id }) => id)).toEqual(["now", "weekly", "soon", "later", "over", "ended"]);
  });
});

describe("the address", () => {
  it("says which part of the page is shown", () => expect([readOnCall({ tab: "silences" }), readOnCall({ tab: "people" }), readOnCall({ tab: "x" })]).toEqual([{ tab: "silences" }, {}, {}]));
  it("asks for a silence of a part or a rule", () => {
    expect(readOnCall({ tab: "silences", under: "berlin/painting" })).toEqual({ tab: "silences", silence: "new", under: "berlin/painting" });
    expect(readOnCall({ tab: "silences", silence: "new", rule: "Oil hot" })).toEqual({ tab: "silences", silence: "new", rule: "Oil hot" });
    expect(readOnCall({ tab: "channels", under: "berlin" })).toEqual({ tab: "channels" });
  });
});
