/** Keeps what was entered in this browser, for each person apart, until the service has it: nothing is lost on the way. */

import { useEffect, useSyncExternalStore } from "react";
import { post, Problem } from "@/shared/api/http";
import { onSession, session } from "@/shared/api/session";
import { tell } from "@/shared/ui/tell";
import { added, countsOf, isFinal, isFull, nextOf, readOutbox, withRefusal, without, type Waiting } from "./outbox";
import { waitingTexts } from "./waitingTexts";

const KEY = "andon.entered.";
const AGAIN_MS = 15_000;

const key = (): string => KEY + (session()?.name ?? "");
const listeners = new Set<() => void>();
let cache: { key: string; text: string | null; all: readonly Waiting[] } | undefined;

/** What waits of the one who is signed in; the same list until it changes. */
export function outbox(): readonly Waiting[] {
  const text = localStorage.getItem(key());
  if (cache?.key !== key() || cache.text !== text) cache = { key: key(), text, all: readOutbox(text) };
  return cache.all;
}

/** `at`: the key of whoever it is of, who may have left while a reading was on its way. */
function change(make: (all: readonly Waiting[]) => Waiting[], at = key()): void {
  const all = make(readOutbox(localStorage.getItem(at)));
  if (all.length > 0) localStorage.setItem(at, JSON.stringify(all));
  else localStorage.removeItem(at);
  listeners.forEach((wake) => wake());
}

function subscribe(wake: () => void): () => void {
  listeners.add(wake);
  window.addEventListener("storage", wake); // Another tab sends, too.
  const off = onSession(wake);
  return () => {
    listeners.delete(wake);
    window.removeEventListener("storage", wake);
    off();
  };
}

export const useOutbox = (): readonly Waiting[] => useSyncExternalStore(subscribe, outbox);

/** Leave out what was refused, and what its writer wants no more. */
export const discard = (id: string): void => change((all) => without(all, id));

export const putBack = (one: Waiting): void => change((all) => added(all, one));

/** One reading to the service. Says whether the next may follow: order is kept. */
async function deliver({ id, asset, ts, values, note }: Waiting, at: string): Promise<boolean> {
  try {
    const { refused } = await post("/api/ingest/v1/readings", {}, { asset, ts, values, ...(note && { note }) });
    const no = refused[0];
    change((all) => (no ? withRefusal(all, id, no.detail) : without(all, id)), at);
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (!isFinal(error.status)) return false;
    change((all) => withRefusal(all, id, error.message), at);
    return true;
  }
}

/** One tab at a time, where the browser can see to that; twice does no harm, for a reading replaces itself. */
async function alone(act: () => Promise<void>): Promise<void> {
  if ("locks" in navigator) await navigator.locks.request("andon.entered", act);
  else await act();
}

async function deliverAll(): Promise<void> {
  const who = key();
  for (let one = nextOf(outbox()); one && session() && key() === who; one = nextOf(outbox())) if (!(await deliver(one, who))) return;
}

let running: Promise<void> | undefined;

/** Send what waits, in order, as far as it goes now. */
export function sendWaiting(): Promise<void> {
  running ??= alone(deliverAll).finally(() => { running = undefined; });
  return running;
}

export type Outcome = "stored" | "waiting" | "refused";

/**
 * Keep a reading and send it with all that waits.
 *
 * Throws Error: too many wait already, or the browser keeps nothing.
 */
export async function submit(one: Waiting): Promise<Outcome> {
  if (isFull(outbox()) && !outbox().some(({ id }) => id === one.id)) throw new Error(waitingTexts().full);
  const mine = key();
  putBack(one);
  await running; // What is on its way now has not seen this one.
  await sendWaiting();
  const there = readOutbox(localStorage.getItem(mine)).find(({ id }) => id === one.id);
  if (!there) return "stored";
  return there.refused === undefined ? "waiting" : "refused";
}

/** Sends what waits as soon as there is a network again, on whichever page one is; tells of it. */
export function useSending(): void {
  useEffect(() => {
    const send = async (): Promise<void> => {
      const before = countsOf(outbox());
      if (before.waiting === 0 || running) return;
      await sendWaiting();
      const after = countsOf(outbox());
      const stored = before.waiting + before.refused - after.waiting - after.refused;
      if (stored > 0) tell(waitingTexts().sentLater(stored));
      if (after.refused > before.refused) tell(waitingTexts().refusedLater(after.refused - before.refused));
    };
    const now = (): void => void send();
    now();
    window.addEventListener("online", now);
    const timer = setInterval(now, AGAIN_MS);
    return () => {
      window.removeEventListener("online", now);
      clearInterval(timer);
    };
  }, []);
}
