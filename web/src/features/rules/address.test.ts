import { expect, it } from "vitest";
import type { Rule } from "@/shared/api/types";
import { readSearch, writeSearch } from "@/routes/search";
import { withWritten, writtenOf } from "./address";
import { BLANK, fieldsOf, type Fields } from "./fields";
import { addressOf, readRules, viewOf } from "./view";

const rule = { id: "r1", name: "Hot", scope: { sensor: "t", type: "robot" }, condition: { above: 80 }, deadband: 2, on_delay: "5s", off_delay: "5s", severity: "high", channels: ["a"], enabled: true } as Rule;
const base = fieldsOf(rule);

/** As the router takes a view to the address bar and back. */
const travelled = (view: object): object => readRules(readSearch(writeSearch(view as Record<string, unknown>)));

it("of a rule that is as it was there is nothing in the address but the rule", () => expect(writtenOf(base, base)).toEqual({}));

it("what is written otherwise comes back out of the address", () => {
  const changed: Fields = {
    ...base, name: "Very hot: 2", high: "82.5", onDelay: "65s", severity: "critical", channels: [], activeDuring: ["early shift", "nights"], latch: true, enabled: false, group: "true",
    form: "levels", levels: [{ side: "above", limit: "hh", severity: "critical" }, { side: "below", limit: "-5", severity: "low" }], qualities: ["stale"],
  };
  const view = viewOf(travelled(addressOf({ edit: "r1", q: "hot", written: writtenOf(changed, base) })));
  expect(withWritten(base, view.written ?? {})).toEqual(changed);
  expect([view.edit, view.q]).toEqual(["r1", "hot"]);
});

it("says a number as people do", () => expect(writeSearch(addressOf({ edit: "r1", written: writtenOf({ ...base, high: "82" }, base) }) as Record<string, unknown>)).toBe("?edit=r1&above=82"));
it("takes what another page suggests", () => {
  const view = viewOf(readRules({ edit: "r1", off_delay: "65s", above: 82, unknown: 1, severity: "loud", form: "sideways" }));
  expect(withWritten(base, view.written ?? {})).toEqual({ ...base, offDelay: "65s", high: "82" });
});
it("reads nothing of a rule where none is written", () => expect(readRules({ above: 82, level: "high", state: "idle", q: 5 })).toEqual({ level: "high", state: "idle", q: "5" }));
it("begins from nothing for a new one", () => expect(withWritten(BLANK, viewOf(readRules({ edit: "new", sensor: "a/b/c/d/t", one: true })).written ?? {})).toEqual({ ...BLANK, sensor: "a/b/c/d/t" }));
