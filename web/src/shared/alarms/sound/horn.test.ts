import { describe, expect, it } from "vitest";
import type { Alarm } from "@/shared/api/types";
import { heard, QUIET, silenced, worstOf } from "./horn";

const alarm = (id: string, severity: Alarm["severity"], state: Alarm["state"] = "unacknowledged"): Alarm => ({ id, severity, state }) as Alarm;
const after = (...lists: Alarm[][]) => lists.reduce(heard, QUIET);

describe("the horn", () => {
  it("is quiet about what was there when the page opened", () => expect(worstOf(after([alarm("a", "critical")]))).toBeUndefined());
  it("sounds for what is new, as the most severe of it", () =>
    expect(worstOf(after([alarm("a", "critical")], [alarm("a", "critical"), alarm("b", "low"), alarm("c", "high")]))).toBe("high"));
  it("sounds on until somebody acknowledges", () => {
    const ringing = after([], [alarm("a", "high")], [alarm("a", "high")]);
    expect(worstOf(ringing)).toBe("high");
    expect(worstOf(heard(ringing, [alarm("a", "high", "acknowledged")]))).toBeUndefined();
    expect(worstOf(heard(ringing, []))).toBeUndefined();
  });
  it("sounds for what is back to normal while nobody has seen it", () => expect(worstOf(after([], [alarm("a", "high")], [alarm("a", "high", "returned")]))).toBe("high"));
  it("is quiet once it is silenced, until the next one", () => {
    const quiet = heard(silenced(after([], [alarm("a", "high")])), [alarm("a", "high")]);
    expect(worstOf(quiet)).toBeUndefined();
    expect(worstOf(heard(quiet, [alarm("a", "high"), alarm("b", "medium")]))).toBe("medium");
  });
  it("sounds again for one that became more severe, or asks again", () => {
    const quiet = silenced(after([], [alarm("a", "medium")]));
    expect(worstOf(heard(quiet, [alarm("a", "critical")]))).toBe("critical");
    expect(worstOf(heard(quiet, [alarm("a", "low")]))).toBeUndefined();
    expect(worstOf(heard(heard(quiet, [alarm("a", "medium", "acknowledged")]), [alarm("a", "medium")]))).toBe("medium");
  });
});
