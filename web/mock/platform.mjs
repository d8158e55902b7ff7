/** What ingest tells of itself: the ledger, and how long a reading takes; and the platform's own machines. */

const since = new Date(Date.now() - 9 * 3_600_000).toISOString();
const PROBER = "andon/platform/pipeline/prober";
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();

function line(device, scope, machines, perSecond, more = {}) {
  const received = Math.floor(((Date.now() - Date.parse(since)) / 1000) * perSecond);
  const { dead_lettered = 0, duplicate = 0, retained = 0, refused = 0, in_flight = 0 } = more;
  const readings = received - dead_lettered - duplicate - retained;
  return {
    device, device_ids: device ? [device] : [], scope, machines, received, published: readings, dead_lettered, duplicate, retained,
    readings, stored: readings - refused - in_flight, refused, lost: 0, in_flight, missing: null, repeated: 0, last: ago(0.4), ...more,
  };
}

const isWell = process.env.WELL !== "no";

/** WELL=no shows a ledger that does not add up, and a hop that does not answer. */
export function ledger() {
  const items = [
    line("Gateway paint shop", "berlin/painting", 4, 28, { dead_lettered: 5, missing: 0, in_flight: 12 }),
    line("PLC press line 1", "berlin/press-shop/line-1", 2, 6, { missing: 3, duplicate: 2 }),
    line("Logger Dresden", "dresden", 1, 4.5, { refused: 1, last: ago(3_700) }),
    line("", null, 1, 0.2, { dead_lettered: 6400 }),
    line("Andon itself", "andon", 2, 0.4),
  ];
  const received = items.reduce((sum, item) => sum + item.received, 0);
  const lost = isWell ? 0 : 41;
  const intake = { received, published: received - 6407, dead_lettered: 6405, duplicate: 2, retained: 0, in_hand: 0, readings: received - 6407 };
  return {
    balanced: isWell,
    problems: isWell ? [] : [`The broker lost ${lost} messages: the account DEVICES was full at 14:02; give it more room with ANDON_NATS_DEVICES_DISK`],
    since, unexplained: 0, lost, missing: 3, batches_waiting: 1,
    broker: { waiting: 12, lost, detail: isWell ? "" : "the account DEVICES was full at 14:02" },
    instances: [{ instance: "4f7a1c02", since, intake, store: { received: received - 6407, stored: received - 6407, dead_lettered: 0, in_hand: 0 }, unexplained: 0 }],
    items,
  };
}

function machine(device, path, perSecond, gaps = [], more = {}) {
  const missing = gaps.length ? gaps.reduce((sum, [first, last]) => sum + last - first + 1, 0) : null;
  return { ...line(device, "", 1, perSecond), missing, machine: path, known: true, boot: null, number: null, gaps, ...more };
}

export function ledgerMachines(q) {
  const device = q.get("device") || (q.get("under") === "andon" ? "Andon itself" : "");
  const all = [
    ...["line-1/robot-1", "line-1/robot-2", "line-1/robot-3", "pre-treatment/pump-1"].map((m) => machine("Gateway paint shop", `berlin/painting/${m}`, 7, [], { missing: 0 })),
    machine("PLC press line 1", "berlin/press-shop/line-1/press-1", 3, [[6, 7], [12, 12]], { duplicate: 2 }), machine("PLC press line 1", "berlin/press-shop/line-1/press-2", 3, [], { in_flight: 4 }),
    machine("Logger Dresden", "dresden/assembly/line-1/belt-1", 4.5, [], { refused: 1, last: ago(3_700) }),
    machine("", "berlin/painting/line-9/robot-1", 0.2, [], { dead_lettered: 6400, known: false }),
    machine("Andon itself", PROBER, 0.2), machine("Andon itself", "andon/platform/pipeline/ledger", 0.2),
  ];
  return all.filter((m) => !device || m.device === device);
}

/** WELL=no: the prober misses its canary; else ingest was just started anew. */
export function readiness() {
  if (isWell) return { status: "ready", sick: {}, recent: { ingest: "started anew 5 s ago" } };
  return {
    status: "sick", recent: { "ingest-2": "started anew 41 s ago" },
    sick: { "query: influxdb": "InfluxDB does not answer at http://127.0.0.1:8086", "ingest: pipeline": "ingest: influxdb not reachable; ingest: prober the canary of 12 s ago is not yet in InfluxDB; the canary of 12 s ago has not come by the live feed" },
  };
}

const wobble = (base, at) => base * (1 + 0.25 * Math.sin(at / 97_000) + 0.15 * Math.sin(at / 13_000));
const BASE = { broker: 0.0011, stored: 0.092, live: 0.0134 };

export function probe() {
  const hop = (base) => ({ last: wobble(base, Date.now()), p50: base, p99: base * 1.5, lost: 0 });
  return { at: ago(2), age_seconds: 2, trouble: isWell ? "" : "the canary of 12 s ago is not yet in InfluxDB", hops: Object.fromEntries(Object.entries(BASE).map(([name, base]) => [name, hop(base)])) };
}

const sensor = (path, key, name) => ({ key, path: `${path}/${key}`, name, unit: "s", datatype: "float", limits: {}, decimals: 3, wave: { base: BASE[key], swing: BASE[key] / 3, period: 300, noise: 0.2 } });
const node = (path, kind, name, sensors = []) => ({ id: path.replaceAll("/", "-"), path, kind, slug: path.split("/").at(-1), name, type: "", labels: {}, sensors });

export const platform = [
  node("andon", "site", "Andon"), node("andon/platform", "area", "Platform"), node("andon/platform/pipeline", "line", "Pipeline"),
  node(PROBER, "machine", "Prober", [sensor(PROBER, "broker", "Time to the broker"), sensor(PROBER, "stored", "Time to the store"), sensor(PROBER, "live", "Time to the live feed")]),
];
