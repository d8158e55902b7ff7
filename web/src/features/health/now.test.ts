import { expect, it } from "vitest";
import { nowText } from "./now";
import type { Probe } from "./types";

const hop = { last: 0.013, p50: 0.012, p99: 0.02, lost: 0 };
const all = (trouble: string) => {
  const probe: Probe = { at: null, age_seconds: 2, trouble, hops: { broker: hop, stored: hop, live: hop } };
  return [nowText("broker", probe), nowText("stored", probe), nowText("live", probe)];
};

it("is what was measured while all answer", () => expect(all("")).toEqual(["13 ms", "13 ms", "13 ms"]));

it("is how long a hop has been silent, and the others' own times", () => {
  expect(all("the canary of 13 s ago is not yet in InfluxDB")).toEqual(["13 ms", "> 13 s", "13 ms"]);
  expect(all("the canary of 9 s ago is not yet in InfluxDB; the canary of 184 s ago has not come by the live feed")).toEqual(["13 ms", "> 9 s", "> 3 min"]);
});

it("is unknown behind a broker that is silent, and everywhere when nobody probes", () => {
  expect(all("the broker has not acknowledged the canary of 8 s ago")).toEqual(["> 8 s", "–", "–"]);
  expect(all("nobody probes: see whether the first ingest runs")).toEqual(["–", "–", "–"]);
});
