/** Where a value came from, and history as files out and in: a trace, exports and imports that take some seconds. */

import { valueAt } from "./values.mjs";

const iso = (ms) => new Date(ms).toISOString();

export function trace(sensor, q) {
  const ts = Number(q.get("ts")) || Date.parse(q.get("ts"));
  const value = valueAt(sensor, ts);
  const machine = sensor.path.slice(0, sensor.path.lastIndexOf("/"));
  const told = { sensor: sensor.path, ts: iso(ts), value, complete: true, kept_since: iso(Date.now() - 7 * 86_400_000), expression: "", follows_from: [] };
  const payload = JSON.stringify({ ts, values: { [sensor.key]: value } });
  const hops = [["measured", 0, null], ["arrived", 7, 7], ["published", 16, 9.2], ["stored", 76, 60.4]];
  const item = {
    source: "mqtt", by: "", devices: ["Gateway paint shop"], topic: `factory/${machine}`, form: "JSON object", rule: "factory/{site}/{area}/{line}/{machine}",
    hops: hops.map(([name, at, after_ms]) => ({ name, at: iso(ts + at), after_ms })),
    value, counts: true, names_time: true, sequence: 2063, size: payload.length, payload, encoding: "utf-8",
  };
  return { ...told, items: [item] };
}

const jobs = new Map();
const LASTS_MS = 4000;

/** A job that is done some seconds after it began: what it told at first, and `now` of the part that is done. */
function begin(now) {
  const id = Date.now().toString(36);
  jobs.set(id, { id, begun: Date.now(), now });
  return look(id);
}

export const forget = (id) => jobs.delete(id);
export function look(id) {
  const job = jobs.get(id);
  if (!job) return null;
  const part = Math.min(1, (Date.now() - job.begun) / LASTS_MS);
  return { id, state: part < 1 ? "running" : "done", detail: "", ...job.now(part) };
}

const ROW_BYTES = 34;
export const beginExport = ({ format = "csv", from, to }) => begin((part) => {
  const rows = Math.round(((to - from) / 1000) * part);
  return { name: `history.${format}`, rows, bytes: rows * ROW_BYTES, percent: part * 100, eta: part < 1 ? (1 - part) * (LASTS_MS / 1000) : null };
});

export function beginImport(asset, size, isDry) {
  const last = Date.now() - 30 * 86_400_000;
  const sensors = [{ sensor: `${asset}/temperature`, samples: 5200, first: iso(last - 86_400_000), last: iso(last), duplicates: 0 }];
  const problems = [{ row: 41, column: "temperature", reason: "bad-value", detail: "expected a number, got 'n.v.'" }];
  const report = { sensors, problems, unknown: ["comment"], duplicates: 2, in_order: true, notes: [] };
  return begin((part) => ({
    size, bytes: Math.round(size * part), rows: Math.round(5201 * part), samples: Math.round(5200 * part), dry_run: isDry,
    refused: part < 1 ? {} : { "bad-value": 1 }, eta_seconds: part < 1 ? 2 : null, report: part < 1 ? null : report,
  }));
}

export const HISTORY = "time,sensor\r\n2026-11-23T12:00:00.000Z,1\r\n";
export const REFUSED = "row,time,sensor,value,quality,reason,detail\r\n41,2026-10-20T00:00:40.000Z,temperature,n.v.,,bad-value,expected a number\r\n";
