import { expect, it } from "vitest";
import { readView } from "./view";

it("takes a moving range or a fixed window from the address", () => {
  expect(readView({ range: "8h" })).toEqual({ range: "8h" });
  expect(readView({ range: "1h30m" })).toEqual({ range: "1h30m" });
  expect(readView({ range: "1y" })).toEqual({ range: "1y" });
  expect(readView({ from: "1000", to: 2000, range: "8h" })).toEqual({ from: 1000, to: 2000 });
});

it.each([{}, { range: "forever" }, { from: 2000, to: 1000 }, { from: 1000 }, { from: -5, to: 3 }, { range: "1h; drop" }, { range: "0s" }, { range: `${"1".repeat(30)}s` }, { range: "99999999999d" },
  { from: 1, to: 1e300 }, { from: 1, to: 8.7e15 }])("drops what makes no sense: %o", (search) =>
  expect(readView(search)).toEqual({}));
