import { expect, it } from "vitest";
import { partsOf } from "./parts";
import { rateOf } from "./useRate";

it("names every service, well ones too", () =>
  expect(partsOf({ status: "ready", sick: {} })).toEqual(["registry", "ingest", "query", "alerting"].map((name) => ({ name, wrong: [] }))));

it("puts the sick first, with the neighbour it misses", () =>
  expect(partsOf({ status: "sick", sick: { "query: influxdb": "does not answer" } })[0]).toEqual({ name: "query", wrong: ["influxdb: does not answer"] }));

it("blames the innermost service, once, however many heard of it", () => {
  const sick = { "registry: ingest: influxdb": "refused", "query: ingest: influxdb": "refused", "alerting: ingest": "silent" };
  expect(partsOf({ status: "sick", sick })[0]).toEqual({ name: "ingest", wrong: ["influxdb: refused", "silent"] });
});

it("measures growth, and nothing when a counter begins anew", () => {
  expect(rateOf({ n: 100, at: 0 }, { n: 300, at: 2000 })).toBe(100);
  expect(rateOf({ n: 100, at: 0 }, { n: 5, at: 2000 })).toBeUndefined();
  expect(rateOf({ n: 1, at: 5 }, { n: 2, at: 5 })).toBeUndefined();
});
