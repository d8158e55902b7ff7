/** What is asked about several sensors at once, and about their quality. */

import { series } from "./series.mjs";
import { valueAt } from "./values.mjs";

/** Several sensors on one clock. */
export function joined(sensors, q) {
  const [first, ...others] = sensors;
  const { points } = series(first, q);
  const values = [points.map(([, v]) => v), ...others.map((s) => points.map(([ts]) => valueAt(s, ts)))];
  return { resolution: "30s", times: points.map(([ts]) => ts), items: sensors.map((s, i) => ({ sensor: s.path, unit: s.unit, resolution: "30s", tier: "raw", agg: "mean", values: values[i] })) };
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

function pearson(a, b) {
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (f) => a.reduce((total, _, i) => total + f(a[i] - ma, b[i] - mb), 0);
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
}

export function correlation(sensors, q) {
  const { items } = joined(sensors, q);
  const matrix = items.map((a) => items.map((b) => pearson(a.values, b.values)));
  return { sensors: sensors.map((s) => s.path), method: "pearson", resolution: "30s", matrix, pairs: matrix.map((row) => row.map(() => items[0].values.length)), note: "" };
}

/** Of the vibration sensors one stretch in ten minutes is doubtful. */
export function quality(q) {
  const [from, to] = [Number(q.get("from")), Number(q.get("to"))];
  const stretches = [];
  if (q.get("sensor").endsWith("vibration")) {
    for (let at = Math.ceil(from / 600_000) * 600_000; at + 40_000 < to; at += 600_000) stretches.push({ start: at, end: at + 40_000, quality: "uncertain", count: 40 });
  }
  return { sensor: q.get("sensor"), stretches: stretches.slice(-500), complete: true };
}
