import { expect, it } from "vitest";
import { readSearch, writeSearch } from "./search";

it("writes a name for each of several values, so that people can read and write it", () => {
  expect(writeSearch({ sensor: ["berlin/press/oil", "a&b"], range: "1h" })).toBe("?range=1h&sensor=berlin/press/oil&sensor=a%26b");
  expect(writeSearch({})).toBe("");
});

it.each([
  { sensor: ["berlin/press/oil", "a&b=c d"], range: "1h", from: 5, stacked: "" }, { tab: "shelved", q: "5", on: true, under: "berlin" }, { list: [1, 2] },
])("reads what it wrote: %j", (search) => expect(readSearch(writeSearch(search))).toEqual(search));

it("reads what a person wrote", () => expect(readSearch("?sensor=a&sensor=b&stacked")).toEqual({ sensor: ["a", "b"], stacked: "" }));

it("drops what no page has written: of an object, no page could say what it means", () =>
  expect(readSearch(`?range=${encodeURIComponent('{"toString":1}')}&list=${encodeURIComponent('[1,{"a":1}]')}&q=5&none=null`)).toEqual({ q: 5, none: null }));
