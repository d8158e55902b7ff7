import { expect, it } from "vitest";
import { isNarrowed, readLetterFilter } from "./filter";

it.each([
  [{}, {}],
  [{ reason: "bad-time", under: "berlin", q: "oil" }, { reason: "bad-time", under: "berlin", q: "oil" }],
  [{ reason: "nonsense", under: 5, q: "" }, {}],
  [{ q: 42 }, { q: "42" }],
])("reads %j as %j", (search, filter) => expect(readLetterFilter(search)).toEqual(filter));

it.each([[{}, false], [{ q: "oil" }, true], [{ under: "berlin" }, true]])("%j narrows: %s", (filter, narrows) => expect(isNarrowed(filter)).toBe(narrows));
