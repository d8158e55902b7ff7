/** Notifications of this browser, also while no page is open (Web Push): turned on, renewed, and turned off. */

import { all, get, post, remove } from "@/shared/api/http";
import { ALERTING } from "@/shared/alerting/queries";
import { texts } from "./texts";

const RENEWED = "andon.push";
const DAY_MS = 86_400_000;

/** Bytes of base64 as URLs have it. */
export function bytesOfKey(text: string): Uint8Array<ArrayBuffer> {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(plain), (c) => c.charCodeAt(0));
}

/** Why this browser cannot be told; '' where it can. */
export function obstacle(): string {
  if (!globalThis.isSecureContext) return texts().insecure;
  if (!("serviceWorker" in navigator) || !("PushManager" in globalThis)) return texts().unable;
  if (Notification.permission === "denied") return texts().denied;
  return "";
}

async function current(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker?.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? null;
}

const isSame = (a: ArrayBuffer | null, b: Uint8Array): boolean => a !== null && a.byteLength === b.length && new Uint8Array(a).every((byte, i) => byte === b[i]);

/** What is kept to end the subscription: its id at alerting, whose it is, and when it was renewed. */
interface Kept {
  id: string;
  person: string;
  at: number;
}

export function readKept(text: string | null): Kept | null {
  try {
    const found = JSON.parse(text ?? "null") as Kept | null;
    return found && typeof found.id === "string" && typeof found.at === "number" ? found : null;
  } catch {
    return null; // Not written by us: as if nothing was kept.
  }
}

/** Whether alerting is to be told again: it forgets browsers that say nothing for 60 days. */
export const isDue = (kept: Kept | null, person: string, now: number): boolean => kept === null || kept.person !== person || now - kept.at > DAY_MS;

async function tell(subscription: PushSubscription): Promise<void> {
  const { endpoint } = subscription;
  const { p256dh = "", auth = "" } = subscription.toJSON().keys ?? {};
  const { id, person } = await post(`${ALERTING}/push/subscriptions`, {}, { endpoint, keys: { p256dh, auth } });
  localStorage.setItem(RENEWED, JSON.stringify({ id, person, at: Date.now() } satisfies Kept));
}

/** Whether whoever is signed in is told by this browser. */
export async function isOn(person: string): Promise<boolean> {
  return readKept(localStorage.getItem(RENEWED))?.person === person && (await current()) !== null;
}

/**
 * Ask the person, subscribe, and tell alerting.
 *
 * Throws Error: the browser or the person does not want to, in words for people.
 */
export async function turnOn(): Promise<void> {
  const why = obstacle();
  if (why) throw new Error(why);
  if ((await Notification.requestPermission()) !== "granted") throw new Error(texts().notAllowed);
  const registration = await navigator.serviceWorker.register("/sw.js");
  await navigator.serviceWorker.ready;
  const key = bytesOfKey((await get(`${ALERTING}/push/key`)).key);
  const known = await registration.pushManager.getSubscription();
  // Of another key, as after a new installation, nothing would arrive.
  if (known && !isSame(known.options.applicationServerKey, key)) await known.unsubscribe();
  await tell(await subscribe(registration.pushManager, key));
}

const PATIENCE_MS = 20_000;

/** A browser without a way to its maker's push service asks and asks: told after a while. */
export async function subscribe(manager: Pick<PushManager, "subscribe">, key: Uint8Array<ArrayBuffer>): Promise<PushSubscription> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new Error(texts().silent)), PATIENCE_MS);
  });
  try {
    return await Promise.race([manager.subscribe({ userVisibleOnly: true, applicationServerKey: key }), late]);
  } catch (error) {
    throw new Error(texts().refuses(error instanceof Error ? error.message : String(error)));
  } finally {
    clearTimeout(timer);
  }
}

/** Tell this browser nothing any more. */
export async function turnOff(): Promise<void> {
  const kept = readKept(localStorage.getItem(RENEWED));
  localStorage.removeItem(RENEWED);
  await (await current())?.unsubscribe();
  if (!kept) return;
  // It may be gone already: alerting drops what its push service no longer knows.
  const own = await all(`${ALERTING}/push/subscriptions`);
  if (own.some(({ id }) => id === kept.id)) await remove(`${ALERTING}/push/subscriptions/{subscription_id}`, { subscription_id: kept.id });
}

/** Renew what is on, once a day; quiet where nothing is. */
export async function renew(person: string): Promise<void> {
  const kept = readKept(localStorage.getItem(RENEWED));
  if (!kept || kept.person !== person || !isDue(kept, person, Date.now()) || obstacle()) return;
  const subscription = await current();
  if (subscription) await tell(subscription);
}
