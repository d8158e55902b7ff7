import { expect, it } from "vitest";
import { arePapersWhole, isReachable } from "./papers";

it.each([
  ["https://example.com/a.pdf", true], ["http://plc.local", true], ["/documents/press.pdf", true], ["//elsewhere", false], ["javascript:alert(1)", false],
  ["https://", false], ["https://me@example.com", false], ["/a b", false], ["a.pdf", false],
])("%s can be reached: %s", (url, is) => expect(isReachable(url)).toBe(is));

it("wants a title, too", () => expect([arePapersWhole([]), arePapersWhole([{ title: " ", url: "/a" }]), arePapersWhole([{ title: "A", url: " /a " }])]).toEqual([true, false, true]));
