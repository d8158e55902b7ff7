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
    expect(plans.coversText(silence, () => "Berlin")).toBe("rule Gearbox hot, severities below high, in Berlin");
    expect(plans.coversText({ ...silence, rule: null, below: null, under: "" }, () => "")).toBe("the whole plant");
  });
});

describe("shifts on a strip", () => {
  const at = (day: number): string => new Date(2026, 10, day).toISOString();
  const shifts = [{ member: "a", from: at(1), to: at(8) }, { member: null, from: at(8), to: at(10) }, { member: "b", from: at(10), to: at(30) }];
  it("lie where their time is, cut at the ends", () => {
    const places = plans.placesOf(shifts, Date.parse(at(6)), Date.parse(at(16)));
    expect(places.map(({ member, left, width }) => [member, left, width])).toEqual([["a", 0, 20], [null, 20, 20], ["b", 40, 60]]);
  });
  it("leave out what is beyond", () => expect(plans.placesOf(shifts, Date.parse(at(11)), Date.parse(at(12)))).toHaveLength(1));
  it("are cut by days", () => expect(plans.midnights(Date.parse(at(6)) + 1000, Date.parse(at(9)))).toEqual([7, 8].map((d) => Date.parse(at(d)))));
});

it("reads the part of the page from the address", () => expect([readOnCall({ tab: "silences" }), readOnCall({ tab: "people" }), readOnCall({ tab: "x" })]).toEqual([{ tab: "silences" }, {}, {}]));
