/** The plant model as the registry keeps it: places and types, changed by hand or by a file. */

import { bare, plant } from "./plant.mjs";
import { types } from "./types.mjs";

const UNSAID = { name: "", unit: "", datatype: "float", decimals: 1, expression: "" };
const NO_LIMITS = { ll: null, l: null, h: null, hh: null };
const whole = (path, s) => ({ ...UNSAID, ...s, limits: { ...NO_LIMITS, ...s.limits }, path: `${path}/${s.key}` });

function merge(path, type, own) {
  const all = new Map((types.find((t) => t.slug === type)?.sensors ?? []).map((s) => [s.key, s]));
  for (const s of own) all.set(s.key, { ...all.get(s.key), ...s, limits: { ...all.get(s.key)?.limits, ...s.limits } });
  return [...all.values()].map((s) => whole(path, s));
}

const written = (sensor) => Object.fromEntries(Object.entries(sensor).filter(([field]) => field !== "path" && field !== "wave"));
for (const type of types) type.sensors = (plant.find((a) => a.type === type.slug)?.sensors ?? []).map(written);

const answer = (asset) => ({ documents: [], warnings: [], ...bare(asset) });

/** One place by id or path; `body` is what the request says. */
export function changeAsset(method, name, body) {
  const old = plant.find((a) => a.id === name || a.path === name);
  if (method === "POST") {
    const path = [body.parent, body.slug].filter(Boolean).join("/");
    const made = { id: `n${Date.now().toString(36)}`, labels: {}, documents: [], ...body, path, type: body.type ?? "", sensors: merge(path, body.type, []) };
    plant.push(made);
    return { status: 201, body: answer(made) };
  }
  if (!old) return { status: 404 };
  if (method === "DELETE") { plant.splice(plant.indexOf(old), 1); return { status: 204 }; }
  if (method === "PATCH") {
    const { sensors, type = old.type, ...rest } = body;
    Object.assign(old, rest, { type: type ?? "" });
    if (sensors) old.own = sensors;
    if (sensors || "type" in body) old.sensors = merge(old.path, old.type, old.own ?? []);
  }
  return { status: 200, body: answer(old) };
}

export function changeType(method, slug, body) {
  const old = types.find((t) => t.slug === slug);
  const machines = plant.filter((a) => a.type === slug).length;
  if (method === "DELETE") { types.splice(types.indexOf(old), 1); return { status: 204 }; }
  if (method !== "PUT") return old ? { status: 200, body: { ...old, machines } } : { status: 404 };
  const now = { sensors: [], documents: [], page: { sections: [] }, ...body, slug, machines, warnings: [] };
  if (old) Object.assign(old, now);
  else types.push(now);
  return { status: 200, body: now };
}

/** What a plant file would do, or did. */
export const planned = () => ({
  created: 3, changed: 2, unchanged: 41, removed: ["type press loses vibration (5 machines)"],
  warnings: ["berlin/press-shop/line-1/press-1/power waits for torque, which the machine does not have"],
});
