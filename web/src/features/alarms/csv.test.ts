import { expect, it } from "vitest";
import { prefer } from "@/shared/preferences/preferences";
import type { Alarm } from "@/shared/api/types";
import { csvOf } from "./csv";

it("writes a table that a spreadsheet reads, and runs nothing of it", () => {
  prefer({ language: "en" });
  const alarm = {
    id: "a1", since: "2026-11-26T10:00:00Z", cleared_at: null, severity: "high", state: "returned", message: "Oil is 81.2 °C, above 80 °C", active: false, rule_name: '=HYPERLINK("x")', asset_name: "Press 1",
    sensor: "berlin/press-1/oil", value: -81.2, limit: 80, unit: "Cel", level: "h", acknowledged_by: "ada", acknowledged_at: null, comment: 'He said "no"\nand left', assigned_to: null,
  } as unknown as Alarm;
  const [head, ...rest] = csvOf([alarm]).split("\r\n");
  expect(head).toBe("\uFEFFsince,cleared,severity,state,alarm,rule,machine,sensor,value,limit,unit,level,acknowledged by,acknowledged at,comment,assigned to,id");
  expect(rest.join("|")).toBe(
    '2026-11-26T10:00:00Z,,High,"Returned, not acknowledged","Oil was 81.2 °C, above 80 °C","\'=HYPERLINK(""x"")",Press 1,berlin/press-1/oil,-81.2,80,Cel,h,ada,,"He said ""no""\nand left",,a1|');
});
