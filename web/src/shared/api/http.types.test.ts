import { expect, it } from "vitest";
import { all, get, post, remove, send } from "./http";

/** Never called: what the compiler thinks of it is what counts. */
export async function contract(id: string, signal: AbortSignal) {
  const alarm = await get("/api/alerting/v1/alarms/{alarm_id}", { alarm_id: id }, signal);
  alarm.transitions[0]?.from.startsWith("x");
  (await get("/api/query/v1/stats", { sensor: id, from: 17, to: "now" })).median?.toFixed();
  (await all("/api/registry/v1/assets", { under: "berlin", kind: "line" }))[0]?.sensors[0]?.limits.hh?.toFixed();
  await post("/api/registry/v1/devices", {}, { name: "press", scope: "berlin" });
  await post(`/api/alerting/v1/alarms/{alarm_id}/ack`, { alarm_id: id });
  await post(`/api/alerting/v1/alarms/{alarm_id}/ack`, { alarm_id: id }, { comment: "seen" });
  await remove("/api/ingest/v1/imports/{name}", { name: id });
  await send("get", "/api/alerting/v1/alarms/stream", {}, { signal });
  // @ts-expect-error no such path
  await get("/api/alerting/v1/alarmz");
  // @ts-expect-error no such method
  await post("/api/query/v1/stats", { sensor: id });
  // @ts-expect-error the sensor is missing
  await get("/api/query/v1/stats");
  // @ts-expect-error no such parameter
  await get("/api/query/v1/stats", { sensor: id, form: "now" });
  // @ts-expect-error no such kind
  await all("/api/registry/v1/assets", { kind: "lines" });
  // @ts-expect-error the body is missing
  await post("/api/registry/v1/devices", {});
  // @ts-expect-error no such field
  await post("/api/registry/v1/devices", {}, { name: "press", scope: "berlin", quotas: 5 });
  // @ts-expect-error no list
  await all("/api/ingest/v1/ledger");
}
it("is", () => expect(1).toBe(1));
