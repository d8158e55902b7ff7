/** Alarms, rules and channels that move a little, so that the list is alive. */

import { EventEmitter } from "node:events";
import { machines } from "./plant.mjs";
import { valueAt } from "./values.mjs";

export const stream = new EventEmitter().setMaxListeners(100);
const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
const find = (path) => machines.flatMap((m) => m.sensors).find((s) => s.path === path);

const UNITS = { Cel: "°C" };
const RULES = { "Gearbox hot": "r1", "Oil hot": "r2", "Flow low": "r3", "Motor current high": "r5" };

/** As alerting says it: `Gearbox temperature above 80 °C`, with the value it had. */
const told = (message, s, value) => (typeof value === "number" ? message.replace(/ (above|below) /, ` is ${value.toFixed(s.decimals ?? 1)} ${UNITS[s.unit] ?? s.unit}, $1 `) : message);

function alarm(id, rule_name, sensor, severity, state, minutes, limit, said, more = {}) {
  const s = find(sensor);
  const message = told(said, s, said.includes("above") ? limit * 1.04 : limit * 0.94);
  return {
    id, rule: RULES[rule_name] ?? `r-${id}`, rule_name, sensor, asset: sensor.slice(0, sensor.lastIndexOf("/")), asset_name: machines.find((m) => sensor.startsWith(`${m.path}/`)).name, unit: s.unit, state, active: state !== "returned" && state !== "normal", severity,
    since: ago(minutes), value: valueAt(s, Date.now() - minutes * 60_000), limit, message, level: "", levels: [], late: false, first_out: false, latched: false, acknowledged: Boolean(more.acknowledged_by), acknowledged_by: null, acknowledged_at: null, comment: null, cleared_at: null,
    shelved_until: null, suppressed_by: null, out_of_service: false, service_reason: null, assigned_to: null, cause: "", consequence: "", action: "", ...more,
  };
}

export const alarms = [
  alarm("a1", "Gearbox hot", "berlin/painting/line-1/robot-3/temperature", "high", "unacknowledged", 6, 80, "Gearbox temperature above 80 °C", { level: "hh", levels: ["h", "hh"], first_out: true, group: "robots", cause: "Too little grease", consequence: "The gearbox seizes", action: "Slow the robot down, call maintenance" }),
  alarm("a2", "Flow low", "berlin/painting/pre-treatment/pump-1/flow", "critical", "acknowledged", 48, 22, "Degreasing flow below 22 m³/h", { acknowledged_by: "maria", acknowledged_at: ago(41), comment: "Filter clogged, spare on its way" }),
  alarm("a3", "Vibration high", "berlin/press-shop/line-2/press-5/vibration", "medium", "returned", 75, 4.5, "Frame vibration above 4.5 mm/s"),
  alarm("a4", "Motor current high", "dresden/assembly/line-2/belt-2/motor_current", "low", "unacknowledged", 130, 11, "Motor current above 11 A"),
  alarm("a5", "Oil hot", "berlin/utilities/air/compressor-2/oil_temperature", "medium", "acknowledged", 300, 95, "Oil temperature above 95 °C"),
  alarm("a6", "Oil hot", "berlin/utilities/air/compressor-1/oil_temperature", "low", "shelved", 30, 95, "Oil temperature above 95 °C", { shelved_until: ago(-240), shelved_by: "maria", shelved_reason: "Spare part ordered" }),
  ...Array.from({ length: Number(process.env.FLOOD ?? 0) }, (_, i) => {
    const m = machines[i % machines.length];
    return alarm(`f${i}`, "Power gone", m.sensors[0].path, ["critical", "high", "medium", "low"][i % 4], "unacknowledged", 1, 1, `${m.sensors[0].name} is away`);
  }),
  ...Array.from({ length: 40 }, (_, i) => {
    const m = machines[(i * 5) % machines.length];
    const s = m.sensors.filter((x) => x.limits.h)[i % 2] ?? m.sensors[1];
    return alarm(`h${i}`, `${s.name} high`, s.path, ["low", "medium", "high", "low"][i % 4], "normal", 200 + i * 173, s.limits.h ?? 1, `${s.name} above its limit`, { active: false, acknowledged_by: i % 3 ? "jan" : "maria", acknowledged_at: ago(190 + i * 173), cleared_at: ago(180 + i * 173) });
  }),
];

export const channels = [
  { id: "c1", name: "maintenance", kind: "email", target: "maintenance@example.com" },
  { id: "c2", name: "shift lead", kind: "email", target: "shift-lead@example.com" },
  { id: "c4", name: "maria", kind: "push", target: "maria" },
  { id: "c3", name: "mes", kind: "webhook", target: "https://mes.example.com/hooks/andon" },
];
const rule = (id, name, scope, condition, severity, names, deadband = 2) => ({ id, name, enabled: true, watches: scope.sensor.includes("/") ? 1 : machines.filter((m) => m.type === scope.type).length, scope: { type: null, under: null, ...scope }, condition, deadband, on_delay: "5s", off_delay: "5s", severity, channels: names });
export const rules = [
  rule("r1", "Gearbox hot", { type: "robot", sensor: "temperature" }, { above: 80 }, "high", ["maintenance"]),
  rule("r2", "Press oil hot", { type: "press", sensor: "oil_temperature", under: "berlin" }, { above: 80 }, "high", ["maintenance", "shift lead"]),
  rule("r3", "Degreasing flow low", { sensor: "berlin/painting/pre-treatment/pump-1/flow" }, { below: 22 }, "critical", ["maintenance", "shift lead", "mes"], 1),
  rule("r4", "Air pressure off", { type: "robot", sensor: "air_pressure" }, { outside: [5.2, 7.5] }, "medium", ["shift lead"], 0.1),
  rule("r5", "Motor current high", { type: "conveyor", sensor: "motor_current" }, { above: 11 }, "low", []),
  { ...rule("r6", "A reading takes long", { sensor: "andon/platform/pipeline/prober/stored" }, { above: 5 }, "high", ["maintenance"], 1), system: true },
];

/** An alarm's journal, made up from where it stands. */
export function journalOf(a) {
  const turns = [{ event: "raised", to: "unacknowledged", at: a.since, by: null, comment: null }];
  if (a.acknowledged_at) turns.push({ event: "acknowledged", to: "acknowledged", at: a.acknowledged_at, by: a.acknowledged_by, comment: a.comment });
  if (!a.active) turns.push({ event: "cleared", to: a.acknowledged_at ? "normal" : "returned", at: a.cleared_at ?? new Date().toISOString(), by: null, comment: null });
  return turns.map((turn, i) => ({ number: i + 1, from: turns[i - 1]?.to ?? "normal", severity: a.severity, late: false, value: a.value, ...turn }));
}

export function change(id, patch) {
  const found = alarms.find((a) => a.id === id);
  if (!found) return null;
  Object.assign(found, patch);
  stream.emit("alarm", found);
  return found;
}

const HIDDEN = ["shelved", "suppressed", "out-of-service"];

export function listed(state) {
  if (state === "all") return alarms;
  return alarms.filter((a) => (state === "open" ? a.state !== "normal" && !HIDDEN.includes(a.state) : a.state === state));
}

export const summary = () => ({ open: listed("open").length, severities: {}, states: Object.fromEntries(HIDDEN.map((state) => [state, listed(state).length])) });

/** What somebody does to an alarm, as far as the pages show it. */
export function deed(id, verb, body) {
  const old = alarms.find((a) => a.id === id);
  const shown = { state: old?.active ? "unacknowledged" : "normal", shelved_until: null, out_of_service: false };
  return change(id, {
    ack: { state: old?.state === "returned" ? "normal" : "acknowledged", acknowledged: true, acknowledged_by: "admin", acknowledged_at: new Date().toISOString(), comment: body.comment || null },
    shelve: { state: "shelved", shelved_until: ago(-480), shelved_by: "admin", shelved_reason: body.reason },
    "out-of-service": { state: "out-of-service", out_of_service: true, service_reason: body.reason },
    unshelve: shown, "in-service": shown, reset: { state: "normal", latched: false }, assign: { assigned_to: body.to },
  }[verb] ?? {});
}

let turn = 0;
/** Every 25 s one press alarm comes and goes. */
setInterval(() => {
  turn += 1;
  const sensor = "berlin/press-shop/line-1/press-1/hydraulic_pressure";
  if (turn % 2) {
    alarms.unshift(alarm(`n${turn}`, "Pressure high", sensor, "medium", "unacknowledged", 0, 220, "Hydraulic pressure above 220 bar"));
    stream.emit("alarm", alarms[0]);
  } else {
    change(`n${turn - 1}`, { state: "normal", active: false, cleared_at: new Date().toISOString() });
  }
}, 25_000).unref();

/** BURST=500: so many alarms of a flood change in a second, as in one that goes on. */
const burst = Number(process.env.BURST ?? 0);
const flood = alarms.filter((a) => a.id.startsWith("f"));
let next = 0;
if (burst && flood.length) {
  setInterval(() => {
    for (let i = 0; i < burst / 10; i += 1) {
      const one = flood[(next += 7) % flood.length];
      change(one.id, one.active ? { active: false, state: "returned", cleared_at: new Date().toISOString() } : { active: true, state: "unacknowledged", since: new Date().toISOString(), cleared_at: null });
    }
  }, 100).unref();
}
