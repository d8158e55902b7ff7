/**
 * Andon's HTTP and WebSocket contracts over an invented plant, to work on the pages without the services.
 *
 *   npm run mock            port 8000 (PORT=...); serves web/dist too; signs everybody in
 *   MACHINES=1000 npm run mock   so many machines more
 *   FLOOD=5000 npm run mock   so many open alarms more; with BURST=500 so many of them change in a second
 *   kill -USR1 <pid>        refuse the live feed for 20 s
 */

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import { alarms, channels, deed, journalOf, listed, rules, stream, summary } from "./alarms.mjs";
import { beginExport, beginImport, forget, HISTORY, look, REFUSED, trace } from "./files.mjs";
import { grafana, opened, serveGrafana } from "./grafana.mjs";
import { correlation, joined, quality } from "./compare.mjs";
import { attach } from "./live.mjs";
import { devices, quiet, lettersOf, people, replayed } from "./people.mjs";
import { changeAsset, changeType, planned } from "./model.mjs";
import { newView, preferencesNow, views } from "./person.mjs";
import { bare, machines, plant } from "./plant.mjs";
import { backtest, calendars, kpis, notifications, overrides, policies, schedules, shifts, silences } from "./plans.mjs";
import { ledger, ledgerMachines, platform, probe, readiness } from "./platform.mjs";
import { histogram, series, stats } from "./series.mjs";
import { types } from "./types.mjs";
import { isSilent, valueAt } from "./values.mjs";

const port = Number(process.env.PORT ?? 8000);
const dist = process.env.DIST ?? fileURLToPath(new URL("../dist", import.meta.url));
const sensors = [...machines, ...platform].flatMap((m) => m.sensors);
const below = (path, under) => !under || path === under || path.startsWith(`${under}/`);

function token(name) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const role = ["viewer", "operator", "engineer"].includes(name) ? name : "admin";
  return `${part({ alg: "none" })}.${part({ sub: name, name, role, scope: "", jti: "1", exp: Math.floor(Date.now() / 1000) + 86_400 })}.mock`;
}

function reply(res, status, body) {
  const type = status >= 400 ? "application/problem+json" : "application/json";
  res.writeHead(status, { "content-type": type }).end(body === undefined ? "" : JSON.stringify(body));
}
const problem = (res, status, title, detail) => reply(res, status, { type: "about:blank", title, status, detail });
const made = (res, { status, body }) => (status === 404 ? problem(res, 404, "Not found", "There is nothing of this name") : reply(res, status, body));
const page = (res, items) => reply(res, 200, { items, next_cursor: null });

async function bodyOf(req) {
  let text = "";
  for await (const chunk of req) text += chunk;
  try { return JSON.parse(text); } catch { return Object.fromEntries(new URLSearchParams(text)); }
}

async function sizeOf(req) {
  let size = 0;
  for await (const chunk of req) size += chunk.length;
  return size;
}

function sse(req, res) {
  res.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  res.write(": hello\n\n");
  const tell = (alarm) => res.write(`event: alarm\ndata: ${JSON.stringify(alarm)}\n\n`);
  stream.on("alarm", tell);
  req.on("close", () => stream.off("alarm", tell));
}

/** Page by page, as in a flood it matters. */
function listAlarms(res, q) {
  const found = listed(q.get("state") ?? "open").filter((a) => below(a.sensor, q.get("under")));
  const [at, limit] = [Number(q.get("cursor") ?? 0), Number(q.get("limit") ?? 100)];
  reply(res, 200, { items: found.slice(at, at + limit), next_cursor: found.length > at + limit ? String(at + limit) : null });
}

function collection(list, prefix) {
  return async (req, res, id) => {
    if (req.method === "GET") return page(res, list);
    if (req.method === "DELETE") {
      list.splice(list.findIndex((x) => x.id === id), 1);
      return reply(res, 204);
    }
    const body = await bodyOf(req);
    const old = list.find((x) => x.id === id);
    if (old) return reply(res, 200, Object.assign(old, body));
    const made = { id: `${prefix}${Date.now()}`, ...body };
    list.push(made);
    return reply(res, 201, made);
  };
}

function attachment(res, name, text) {
  res.writeHead(200, { "content-type": "text/csv", "content-disposition": `attachment; filename="${name}"` }).end(text);
}

/** Exports and imports are followed, ended and fetched alike. */
function job(req, res, rest) {
  const [id, verb] = rest.split("/");
  if (req.method === "DELETE") { forget(id); return reply(res, 204); }
  if (verb === "link") return reply(res, 200, { url: `/api/query/v1/export?ticket=${id}` });
  if (verb === "refused") return attachment(res, "refused.csv", REFUSED);
  const found = look(id);
  return found ? reply(res, 200, found) : problem(res, 404, "Not found", `There is no '${id}'; it may have been forgotten`);
}

const routes = {
  "registry/v1/assets": async (req, res, name, q) => name || req.method !== "GET" ? made(res, changeAsset(req.method, name, await bodyOf(req))) : page(res, [...plant, ...(below(q.get("under") ?? "", "andon") ? platform : [])].filter((a) => below(a.path, q.get("under"))).map(bare)),
  "registry/v1/devices": async (req, res, rest) => {
    const [id, verb] = rest.split("/");
    const old = devices.find((d) => d.id === id);
    if (req.method === "GET") return page(res, devices);
    if (verb === "quarantine") { old.quarantine = null; return reply(res, 204); }
    if (req.method === "DELETE") { old.revoked = new Date().toISOString(); return reply(res, 204); }
    if (verb === "rotate") return reply(res, 200, { ...old, password: "n3wS-92mX-Lp0v-aaWk", mqtt_port: 1883 });
    const made = { id: `d${Date.now()}`, ...(await bodyOf(req)), username: `dev-${Date.now().toString(36).slice(-6)}`, created: new Date().toISOString(), revoked: null, ...quiet };
    devices.push(made);
    return reply(res, 201, { ...made, password: "t7Jq-92mX-Lp0v-aaWk", mqtt_port: 1883 });
  },
  "registry/v1/grafana": (req, res) => reply(res, 200, req.method === "POST" ? opened : grafana()),
  "registry/v1/types": async (req, res, slug) => slug ? made(res, changeType(req.method, slug, await bodyOf(req))) : page(res, types),
  "registry/v1/plant": async (req, res) => { await sizeOf(req); reply(res, 200, planned()); },
  "registry/v1/auth/token/renew": (req, res) => reply(res, 200, { access_token: token("admin"), token_type: "bearer", expires_in: 86_400 }),
  "registry/v1/people": collection(people, "p"),
  "registry/v1/views": collection(views, "v", newView),
  "registry/v1/me/preferences": async (req, res) => reply(res, 200, preferencesNow(req.method === "PUT" ? await bodyOf(req) : undefined)),
  "registry/v1/me/password": (req, res) => reply(res, 204),
  "ingest/v1/deadletters": async (req, res, rest, q) => {
    if (rest === "replay") { const body = await bodyOf(req); return reply(res, 200, replayed(lettersOf(body), body.dry_run)); }
    const [id, verb] = rest.split("/");
    if (!id) return page(res, lettersOf(Object.fromEntries(q)));
    const letter = lettersOf({}).find((l) => l.id === id);
    if (!letter) return problem(res, 404, "Not found", `There is no dead letter ${id}; it may have been replayed, or was too old`);
    if (verb === "replay") return reply(res, 200, replayed([letter], false));
    return verb === "payload" ? res.end(letter.payload) : reply(res, 200, letter);
  },
  "ingest/v1/ledger": (req, res, rest, q) => (rest === "machines" ? page(res, ledgerMachines(q)) : reply(res, 200, ledger())),
  "ingest/v1/probe": (req, res) => reply(res, 200, probe()),
  "alerting/v1/notifications": (req, res, _, q) => page(res, notifications.filter((n) => ["all", n.state].includes(q.get("state") ?? "all"))),
  "alerting/v1/calendars": collection(calendars, "k"),
  "alerting/v1/policies": collection(policies, "p"),
  "alerting/v1/silences": collection(silences, "q"),
  "alerting/v1/schedules": (req, res, rest, q) => {
    const [id, part, one] = rest.split("/");
    if (part === "overrides") return collection(overrides, "o")(req, res, one);
    return part ? page(res, shifts(q)) : collection(schedules, "s")(req, res, id);
  },
  "alerting/v1/kpis": (req, res) => reply(res, 200, kpis()),
  "alerting/v1/push": (req, res) => problem(res, 503, "Not available now", "The mock has no push service"),
  "query/v1/latest": (req, res, _, q) => page(res, sensors.filter((s) => below(s.path, q.get("under"))).map((s) => {
    const ts = Date.now() - (isSilent(s.path) ? 340_000 : 400);
    return { sensor: s.path, ts, value: valueAt(s, ts), unit: s.unit, quality: "good" };
  })),
  "query/v1/series": (req, res, _, q) => {
    if (q.get("align") === "true") return reply(res, 200, joined(q.getAll("sensor").map((path) => sensors.find((s) => s.path === path)), q));
    const items = q.getAll("sensor").map((path) => series(sensors.find((s) => s.path === path), q));
    setTimeout(() => reply(res, 200, items.length === 1 ? items[0] : { items }), 120);
  },
  "query/v1/quality": (req, res, _, q) => reply(res, 200, quality(q)),
  "query/v1/correlation": (req, res, _, q) => reply(res, 200, correlation(q.getAll("sensor").map((path) => sensors.find((s) => s.path === path)), q)),
  "query/v1/stats": (req, res, _, q) => reply(res, 200, stats(sensors.find((s) => s.path === q.get("sensor")), q)),
  "query/v1/histogram": (req, res, _, q) => reply(res, 200, histogram(sensors.find((s) => s.path === q.get("sensor")), q)),
  "query/v1/exports": async (req, res, rest) => (rest ? job(req, res, rest) : reply(res, 202, beginExport(await bodyOf(req)))),
  "query/v1/export": (req, res) => attachment(res, "history.csv", HISTORY),
  "ingest/v1/imports": async (req, res, rest, q) => (rest ? job(req, res, rest) : reply(res, 202, beginImport(q.get("asset"), (await sizeOf(req)) || 1, q.get("dry_run") === "true"))),
  "ingest/v1/trace": (req, res, _, q) => reply(res, 200, trace(sensors.find((s) => s.path === q.get("sensor")), q)),
  "alerting/v1/rules": async (req, res, rest) => (rest === "backtest" ? reply(res, 200, backtest(await bodyOf(req))) : collection(rules, "r")(req, res, rest)),
  "alerting/v1/channels": (req, res, rest) => rest.endsWith("/test")
    ? problem(res, 503, "Not available now", "The mock has no mail server")
    : collection(channels, "c")(req, res, rest),
  "alerting/v1/alarms": async (req, res, rest, q) => {
    if (rest === "stream") return sse(req, res);
    if (rest === "summary") return reply(res, 200, summary());
    if (rest === "ack") { const { ids, comment } = await bodyOf(req); ids.forEach((id) => deed(id, "ack", { comment })); return reply(res, 200, { acknowledged: ids.length, unchanged: 0 }); }
    const [id, verb] = rest.split("/");
    const old = alarms.find((a) => a.id === id);
    if (id && !old) return problem(res, 404, "Not found", `There is no alarm '${id}'`);
    if (verb === "notifications") return reply(res, 200, { items: notifications, next_call: null });
    if (req.method === "GET") return old ? reply(res, 200, { ...old, transitions: journalOf(old) }) : listAlarms(res, q);
    return reply(res, 200, deed(id, verb, await bodyOf(req)));
  },
};

async function api(req, res, url) {
  const path = url.pathname.slice("/api/".length);
  if (path === "registry/v1/auth/token") {
    const { username, password } = await bodyOf(req);
    if (password === "wrong") return reply(res, 401, { title: "Not signed in", status: 401, detail: "User name or password is wrong" });
    return reply(res, 200, { access_token: token(username), token_type: "bearer", expires_in: 86_400 });
  }
  if (!req.headers.authorization && !url.searchParams.has("ticket")) return reply(res, 401, { title: "Not signed in", status: 401, detail: "Send a bearer token" });
  const name = Object.keys(routes).find((r) => path === r || path.startsWith(`${r}/`));
  if (!name) return reply(res, 404, { title: "Not found", status: 404, detail: `Nothing at ${url.pathname}` });
  return routes[name](req, res, path.slice(name.length + 1), url.searchParams);
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
function file(res, path) {
  const wanted = join(dist, normalize(path));
  const found = existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(dist, "index.html");
  const policy = "default-src 'self'; frame-ancestors 'self'; base-uri 'self'; form-action 'self'";
  res.writeHead(200, { "content-type": TYPES[extname(found)] ?? "application/octet-stream", "content-security-policy": policy });
  createReadStream(found).pipe(res);
}

const server = createServer((req, res) => {
  const url = new URL(req.url, "http://localhost");
  if (url.pathname === "/readyz") { const told = readiness(); return reply(res, told.status === "ready" ? 200 : 503, told); }
  if (url.pathname === "/healthz") return reply(res, 200, { status: "alive" });
  if (url.pathname.startsWith("/grafana/")) return serveGrafana(res, url);
  if (url.pathname.startsWith("/api/")) return void api(req, res, url);
  return file(res, url.pathname);
});
attach(new WebSocketServer({ server, path: "/api/query/v1/live" }), sensors);
server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}  (any name and password)`));
