import { expect, it } from "vitest";
import { partsOf } from "./parts";
import { rateOf } from "./useRate";

it("names every service, well ones too", () =>
  expect(partsOf({ status: "ready", sick: {} })).toEqual(["registry", "ingest", "query", "derive", "alerting"].map((name) => ({ name, wrong: [], recent: [] }))));

it("puts the sick first, with the neighbour it misses", () =>
  expect(partsOf({ status: "sick", sick: { "query: influxdb": "does not answer" } })[0]).toEqual({ name: "query", wrong: ["influxdb: does not answer"], recent: [] }));

it("blames the innermost service, once, however many heard of it", () => {
  const sick = { "registry: ingest: influxdb": "refused", "query: ingest: influxdb": "refused", "alerting: ingest": "silent" };
  expect(partsOf({ status: "sick", sick })[0]).toEqual({ name: "ingest", wrong: ["influxdb: refused", "silent"], recent: [] });
});

it("gives what one of several processes says to its service, and names the process", () => {
  const [ingest, ...others] = partsOf({ status: "sick", sick: { "ingest-1": "silent", "ingest-0: broker": "not reachable" }, recent: { "query": "started 2 s ago" } });
  expect(ingest).toEqual({ name: "ingest", wrong: ["ingest-1: silent", "ingest-0: broker: not reachable"], recent: [] });
  expect(others.map(({ name }) => name)).toEqual(["registry", "query", "derive", "alerting"]);
});

it("names who is no service of the plant only while something is wrong with it", () =>
  expect(partsOf({ status: "sick", sick: { "web: nats": "not reachable" } })[0]).toEqual({ name: "web", wrong: ["nats: not reachable"], recent: [] }));

it.each([
  ["ingest: influxdb not reachable; ingest: prober the canary of 8 s ago is not yet in InfluxDB; the canary of 8 s ago has not come by the live feed",
    ["influxdb: not reachable", "prober: the canary of 8 s ago is not yet in InfluxDB", "prober: the canary of 8 s ago has not come by the live feed"]],
  ["ingest silent; ingest-2: broker not reachable", ["silent", "ingest-2: broker: not reachable"]],
  ["ingest: silent; ingest-2: broker: not reachable", ["silent", "ingest-2: broker: not reachable"]],
])("gives each trouble of a pipeline its own line: %s", (text, lines) =>
  expect(partsOf({ status: "sick", sick: { "ingest: pipeline": text } })[0]?.wrong).toEqual(lines));

it("leaves with its service what the pipeline heard of another one, and says it once", () => {
  const sick = { "query: influxdb": "does not answer within 1.5 s", "ingest: pipeline": "ingest: influxdb does not answer within 1.5 s; query: influxdb does not answer within 1.5 s" };
  const parts = partsOf({ status: "sick", sick });
  expect(parts.slice(0, 2).map(({ name, wrong }) => [name, wrong])).toEqual(["ingest", "query"].map((name) => [name, ["influxdb: does not answer within 1.5 s"]]));
});

it("tells what was started anew beside its service, which is well", () => {
  const parts = partsOf({ status: "ready", sick: {}, recent: { ingest: "started anew 5 s ago", "ingest-2": "started anew 9 s ago", mail: "started anew 1 s ago" } });
  expect(parts.find(({ name }) => name === "ingest")).toEqual({ name: "ingest", wrong: [], recent: ["started anew 5 s ago", "ingest-2 started anew 9 s ago"] });
  expect(parts.at(-1)).toEqual({ name: "mail", wrong: [], recent: ["started anew 1 s ago"] });
});

it("measures growth, and nothing when a counter begins anew", () => {
  expect(rateOf({ n: 100, at: 0 }, { n: 300, at: 2000 })).toBe(100);
  expect(rateOf({ n: 100, at: 0 }, { n: 5, at: 2000 })).toBeUndefined();
  expect(rateOf({ n: 1, at: 5 }, { n: 2, at: 5 })).toBeUndefined();
});
