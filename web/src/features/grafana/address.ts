/** Addresses of dashboards: what is looked at, the stretch of time and the looks, in the words of Grafana. Pure. */

import { durationMs } from "@/shared/format/time";
import type { Theme } from "@/shared/preferences/preferences";
import { findSensor, parentOf, type Tree } from "@/shared/plant/tree";
import type { View } from "@/shared/plant/view";

export type Kind = "overview" | "site" | "area" | "line" | "machine" | "sensor" | "state";

/** What a page is about; `state` is a sensor that is no number. path: '' is all of the plant; measurement: where a machine's samples lie, its type. */
export interface Subject {
  kind: Kind;
  path: string;
  measurement?: string;
}

/** What lies at a path; null where nothing does. */
export function subjectOf(tree: Tree, path: string): Subject | null {
  if (path === "") return { kind: "overview", path };
  const node = tree.byPath.get(path);
  if (node) return { kind: node.kind, path, measurement: node.type };
  const sensor = findSensor(tree, path);
  if (!sensor) return null;
  return { kind: sensor.datatype === "float" ? "sensor" : "state", path, measurement: tree.byPath.get(parentOf(path))?.type ?? "" };
}

/** Grafana takes no longer ones. */
const LONGEST_UID = 40;

/** The dashboards that fit, the best first: one that is made for the machine type, then the one for all. */
export function candidates(uid: string, { kind, measurement }: Subject): string[] {
  const own = `${uid}-${measurement ?? ""}`;
  return (kind === "machine" || kind === "sensor") && measurement && own.length <= LONGEST_UID ? [own, uid] : [uid];
}

export interface Looks {
  theme: Theme;
  /** IANA name. */
  zone: string;
}

/** Where a person who says nothing begins: as long as a shift. */
const USUAL_RANGE = "8h";
const LEVELS = ["site", "area", "line", "machine", "sensor"] as const;
/** What has samples of its own. */
const LEAVES: ReadonlySet<Kind> = new Set(["machine", "sensor", "state"]);
/** Machines without a type are stored here. */
const UNTYPED = "machine";

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

/** How often a moving stretch is asked for again: no oftener than its picture changes, and never below 5 s. */
function refreshOf(span: number): string {
  if (span <= HOUR) return "10s";
  if (span <= DAY) return "1m";
  return "15m";
}

/** A standing stretch in epoch ms; a moving one up to now, in whole seconds. */
function timeOf({ range = USUAL_RANGE, from, to }: View): Record<string, string> {
  if (from !== undefined && to !== undefined) return { from: String(Math.round(from)), to: String(Math.round(to)) };
  const span = durationMs(range) || durationMs(USUAL_RANGE);
  const ago = span % MINUTE === 0 ? `${span / MINUTE}m` : `${Math.max(1, Math.round(span / 1000))}s`;
  return { from: `now-${ago}`, to: "now", refresh: refreshOf(span) };
}

/** The subject as variables of a dashboard: a slug for each level down to it. */
function variablesOf({ path, measurement, kind }: Subject): Record<string, string> {
  const steps = path === "" ? [] : path.split("/");
  const slugs = Object.fromEntries(steps.map((slug, depth) => [`var-${LEVELS[depth] ?? "sensor"}`, slug]));
  return LEAVES.has(kind) ? { ...slugs, "var-measurement": measurement || UNTYPED } : slugs;
}

/** Grafana has no theme for high contrast; its light one has more of it. */
const themeOf = (theme: Theme): string => (theme === "dark" ? "dark" : "light");

function address(uid: string, subject: Subject, view: View, looks: Looks, more: Record<string, string>): string {
  const asked = { orgId: "1", ...timeOf(view), timezone: looks.zone, theme: themeOf(looks.theme), ...variablesOf(subject) };
  return `/grafana/d/${encodeURIComponent(uid)}?${new URLSearchParams({ ...asked, ...more }).toString()}`;
}

/** For a tab of its own, with all that Grafana can. */
export const tabAddress = (uid: string, subject: Subject, view: View, looks: Looks): string => address(uid, subject, view, looks, {});

/** For a frame: the panels alone, for the page around it has the time and the way up and down. */
export const frameAddress = (uid: string, subject: Subject, view: View, looks: Looks): string =>
  address(uid, subject, view, looks, {
    kiosk: "true",
    hideLogo: "true",
    "_dash.hideTimePicker": "true",
    "_dash.hideVariables": "true",
    "_dash.hideLinks": "true",
  });

/** An address below /grafana/ of our own origin, as it came in a link; '' if it leads anywhere else. */
export function insideGrafana(to: string, origin: string): string {
  const found = URL.canParse(to, origin) ? new URL(to, origin) : null;
  if (!found || found.origin !== origin || !found.pathname.startsWith("/grafana/")) return "";
  return found.pathname + found.search + found.hash;
}

/** The view of the page that lets people in: where they want to. */
export const readDoor = (search: Record<string, unknown>): { to?: string } => (typeof search["to"] === "string" ? { to: search["to"] } : {});
