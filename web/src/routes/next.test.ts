import { expect, it } from "vitest";
import { readNext } from "./next";

it.each(["/", "/alarms?tab=all", "/compare?sensor=a/b&sensor=c#x", "/plant/%C3%A4"])("leads to %s after signing in", (next) => expect(readNext({ next })).toEqual({ next }));

it.each([
  "//evil.example", "/\\evil.example", "/\t/evil.example", "\t//evil.example", "/..//evil.example", "/.//evil.example", "https://evil.example", "javascript:alert(1)", "evil.example", "", 5, null, ["/alarms"],
])("leads nowhere else: %j", (next) => expect(readNext({ next })).toEqual({}));
