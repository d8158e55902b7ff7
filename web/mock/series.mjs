/** History: every value while they fit, else buckets with an envelope, as the query service answers. */

import { isSilent, valueAt } from "./values.mjs";

const NICE = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
const timeOf = (text, otherwise) => {
  if (!text) return otherwise;
  const back = /^-(\d+)(s|m|h|d|w|y)$/.exec(text);
  if (back) return Date.now() - Number(back[1]) * { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5, y: 31_536e6 }[back[2]];
  return text === "now" ? Date.now() : Number(text);
};

export function series(sensor, q) {
  const from = timeOf(q.get("from"), Date.now() - 3_600_000);
  const silent = isSilent(sensor.path) ? 340_000 : 0;
  const to = Math.min(timeOf(q.get("to"), Date.now()), Date.now() - silent);
  const most = Number(q.get("points") ?? 1000);
  const head = { sensor: sensor.path, unit: sensor.unit };
  const seconds = (to - from) / 1000;
  if (sensor.datatype !== "float" || seconds <= most) {
    const step = Math.max(1000, Math.ceil(seconds / most) * 1000);
    const points = [];
    for (let ts = Math.ceil(from / step) * step; ts < to; ts += step) points.push([ts, valueAt(sensor, ts)]);
    if (q.get("agg") === "states") return { ...head, resolution: "raw", agg: "states", points: [], states: statesOf(points, to) };
    return { ...head, resolution: "raw", agg: "raw", points };
  }
  const width = (NICE.find((n) => seconds / n <= most) ?? 86_400) * 1000;
  const points = [];
  const envelope = [];
  for (let at = Math.floor(from / width) * width; at < to; at += width) {
    const values = Array.from({ length: 12 }, (_, i) => valueAt(sensor, at + (width / 12) * i));
    points.push([at, values.reduce((a, b) => a + b) / values.length]);
    envelope.push([at, Math.min(...values), Math.max(...values)]);
  }
  return { ...head, resolution: width % 60_000 ? `${width / 1000}s` : `${width / 60_000}m`, agg: "mean", points, envelope };
}

function statesOf(points, to) {
  const states = [];
  for (const [ts, value] of points) {
    const last = states.at(-1);
    if (last) last[1] = ts;
    if (last?.[2] !== value) states.push([ts, to, value]);
  }
  if (states.length > 0) states.at(-1)[1] = to;
  return states;
}

const valuesOf = (sensor, q) => series(sensor, new URLSearchParams({ ...Object.fromEntries(q), points: 2000 })).points.map(([, v]) => v);

export function stats(sensor, q) {
  const values = valuesOf(sensor, q).sort((a, b) => a - b);
  const count = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / count;
  const stddev = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (count - 1));
  return {
    sensor: sensor.path, unit: sensor.unit, count, good: 99.87, mean, twa: mean, stddev, sum: mean * count, tier: "raw",
    min: values[0], max: values[count - 1], median: values[count >> 1], first: values[0], last: values[count - 1],
  };
}

export function histogram(sensor, q) {
  const values = valuesOf(sensor, q);
  const bins = Number(q.get("bins") ?? 50);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const counts = Array.from({ length: bins }, () => 0);
  for (const v of values) counts[Math.min(bins - 1, Math.floor(((v - low) / (high - low)) * bins))] += 1;
  const edges = Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
  return { sensor: sensor.path, unit: sensor.unit, tier: "raw", count: values.length, edges, counts, seconds: counts, below: 0, above: 0 };
}
