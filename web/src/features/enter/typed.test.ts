import { describe, expect, it } from "vitest";
import { typed } from "./typed";

describe("a typed number", () => {
  it("has a comma or a point, whatever the language", () => {
    expect(["7,35", "7.35", ".5", "-0,5", "−3", "12", "0.125", "+4"].map((text) => typed(text, ","))).toEqual([7.35, 7.35, 0.5, -0.5, -3, 12, 0.125, 4].map((value) => ({ value })));
  });
  it("may have thousands marked", () => {
    expect([typed("1.250,5", ","), typed("1,250.5", "."), typed("12 500", ","), typed("1’250.5", ".")]).toEqual([{ value: 1250.5 }, { value: 1250.5 }, { value: 12500 }, { value: 1250.5 }]);
  });
  it("is asked about where it could be a thousand", () => {
    expect(typed("1.250", ",")).toEqual({ fault: "thousand" });
    expect(typed("1,250", ".")).toEqual({ fault: "thousand" });
    expect(typed("1,250", ",")).toEqual({ value: 1.25 });
  });
  it("is none where it is none", () => {
    for (const text of ["", "-", ",", "abc", "1e5", "7,3,5", "1.25,5", "1,250.5.5", "--4", "0x10", "9".repeat(400)]) expect(typed(text, ".")).toEqual({ fault: "noNumber" });
  });
});
