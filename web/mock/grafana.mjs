/** A stand-in for Grafana: says back which dashboard was asked for, in its place. GRAFANA=off: there is none; =away, =refuses: it fails. */

import process from "node:process";

const mode = process.env.GRAFANA ?? "on";
const KINDS = ["overview", "site", "area", "line", "machine", "sensor"];
const dashboards = Object.fromEntries(KINDS.map((kind) => [kind, `andon-${kind}`]));

export const grafana = () => ({ enabled: mode !== "off", dashboards });
export const opened = { expires_in: 900 };

const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** A chart that looks like one. */
function panel(title, at) {
  const points = Array.from({ length: 60 }, (_, x) => `${x * 10},${60 + 30 * Math.sin(x / 6 + at) + 8 * Math.sin(x * 1.7 + at)}`).join(" ");
  return `<section><h2>${escaped(title)}</h2><svg viewBox="0 0 590 120" preserveAspectRatio="none"><polyline points="${points}"/></svg></section>`;
}

const style = (dark) => `
  * { box-sizing: border-box; margin: 0 }
  body { font: 14px system-ui; padding: 8px; display: grid; gap: 8px; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr));
    background: ${dark ? "#111217" : "#f4f5f5"}; color: ${dark ? "#ccccdc" : "#24292e"} }
  section { background: ${dark ? "#181b1f" : "#fff"}; border: 1px solid ${dark ? "#2b2d33" : "#e4e5e6"}; border-radius: 2px; padding: 8px }
  h2 { font-size: 14px; font-weight: 500; margin-bottom: 8px }
  svg { width: 100%; height: 200px } polyline { fill: none; stroke: #73bf69; stroke-width: 1.5; vector-effect: non-scaling-stroke }`;

/** Answers what is asked below /grafana/. */
export function serveGrafana(res, url) {
  const json = (status, body) => void res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (mode === "away") return json(503, { detail: "Grafana does not answer" });
  if (mode === "refuses") return json(401, { message: "Failed to verify JWT" });
  if (url.pathname.startsWith("/grafana/api/")) return json(200, {});
  const q = url.searchParams;
  const names = ["site", "area", "line", "machine", "sensor"].map((level) => q.get(`var-${level}`)).filter(Boolean);
  const titles = [`${names.join(" / ")}, ${q.get("from")} to ${q.get("to")}`, "Values", "States", "Alarms"];
  const body = `<!doctype html><html lang="en"><title>Grafana</title><style>${style(q.get("theme") === "dark")}</style><body>${titles.map(panel).join("")}</body></html>`;
  return void res.writeHead(200, { "content-type": "text/html" }).end(body);
}
