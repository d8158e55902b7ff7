/** Shows what alerting pushes while no page is open; a click opens the alarm. Keeps nothing, caches nothing. */

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

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
