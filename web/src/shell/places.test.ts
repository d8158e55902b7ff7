import { expect, it } from "vitest";
import { isWithin, placeAt, placesFor } from "./places";

it("takes all of the plant for one place", () => {
  expect([isWithin("/", "/"), isWithin("/", "/plant/berlin"), isWithin("/", "/alarms")]).toEqual([true, true, false]);
  expect([placeAt("/types/press")?.name, placeAt("/typesetting")?.name]).toEqual(["types", undefined]);
});

it("shows what somebody may open and this Andon has", () => {
  const names = placesFor((role) => role === "viewer" || role === "operator", (to) => to !== "/enter").map((p) => p.name);
  expect(names).toEqual(["plant", "alarms", "compare", "kpis", "rules", "oncall", "labels", "health"]);
});
