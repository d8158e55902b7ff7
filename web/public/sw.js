/**
 * Shows what alerting pushes while no page is open; a click opens the alarm.
 *
 * Keeps the frame of the pages for a time without network: its files, never an answer of the API.
 */

const SHELL = "andon-shell";
const PATIENCE_MS = 5_000;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepFiles().catch(() => undefined)); // Without them all at first: those that are asked for are kept.
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** The page and all its files, as the server has them now; files of an earlier build go, once all of this one are there. */
async function keepFiles(page) {
  const cache = await self.caches.open(SHELL);
  const files = await (await fetch("/shell.json", { cache: "no-cache" })).json();
  const kept = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  await Promise.all(files.filter((path) => !kept.has(path)).map((path) => cache.add(path)));
  if (page) await cache.put("/", page);
  else await cache.add("/");
  const wanted = new Set(["/", ...files]);
  await Promise.all([...kept].filter((path) => !wanted.has(path)).map((path) => cache.delete(path)));
}

/** One page serves every address of ours: the newest there is, else the one that was kept. */
async function page(event) {
  const cache = await self.caches.open(SHELL);
  try {
    const answer = await fetch(event.request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok && answer.headers.get("content-type")?.startsWith("text/html")) {
      event.waitUntil(keepFiles(answer.clone()).catch(() => undefined)); // Kept at the next page.
    }
    return answer;
  } catch (error) {
    const kept = await cache.match("/");
    if (kept) return kept;
    throw error;
  }
}

/** Files whose names tell their content never change. */
async function file(request) {
  const cache = await self.caches.open(SHELL);
  return (await cache.match(request, { ignoreVary: true })) ?? fetch(request);
}

const FILES = ["/andon.svg", "/manifest.webmanifest"];

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || /^\/(api|grafana)\//.test(pathname)) return;
  if (pathname.startsWith("/assets/") || FILES.includes(pathname)) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(event));
});

function read(data) {
  try {
    return data.json();
  } catch {
    return {}; // Shown all the same: a browser that is told and shows nothing loses its right to be told.
  }
}

/** Where a click leads: to the alarm itself, or where the message says, but never away from here. */
function placeOf({ key = "", tag = "", url = "" }) {
  if (tag && key.startsWith(`${tag}/`)) return `/alarms?alarm=${encodeURIComponent(JSON.stringify(tag))}`;
  return pathOf(url) || "/alarms";
}

function pathOf(url) {
  if (!url) return "";
  try {
    const { pathname, search } = new URL(url, self.location.origin);
    return pathname + search;
  } catch {
    return "";
  }
}

/** Good news, or an alarm that nothing watches any more. */
const isOver = ({ severity }) => severity === "good" || severity === "ended";

self.addEventListener("push", (event) => {
  const message = read(event.data);
  const acknowledge = pathOf(message.acknowledge ?? "");
  event.waitUntil(self.registration.showNotification(message.title || "Andon", {
    body: message.body || "An alarm has changed; open Andon to see it.",
    // A later message about the same alarm takes the place of the earlier one, and is heard again unless it is good news.
    ...(message.tag && { tag: message.tag, renotify: !isOver(message) }),
    icon: "/andon.svg",
    requireInteraction: message.severity === "critical",
    silent: isOver(message),
    data: { place: placeOf(message), acknowledge },
    actions: message.acknowledge ? [{ action: "acknowledge", title: "Acknowledge" }] : [],
  }));
});

async function open(place) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) {
    try {
      await page.focus();
      await page.navigate(place);
      return;
    } catch {
      // Not one of ours to steer: try the next, or open a new one.
    }
  }
  await self.clients.openWindow(place);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { place, acknowledge } = event.notification.data ?? {};
  event.waitUntil(event.action === "acknowledge" && acknowledge ? self.clients.openWindow(acknowledge) : open(place || "/alarms"));
});
