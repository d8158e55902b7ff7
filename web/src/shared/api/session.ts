/** Who is signed in: the bearer token, kept over reloads, and what its claims say (the services check it). */

import { useSyncExternalStore } from "react";
import type { Role } from "./types";

const KEY = "andon.token";
const ROLES: readonly Role[] = ["viewer", "operator", "engineer", "admin"];

export interface Session {
  token: string;
  name: string;
  role: Role;
  /** Part of the plant the caller sees; '' is all of it. */
  scope: string;
  /** Epoch ms. */
  expires: number;
}

/** Session from a JWT, or null when it is no token or has expired. */
export function readSession(token: string | null, now = Date.now()): Session | null {
  const body = token?.split(".")[1];
  if (!token || !body) return null;
  try {
    const bytes = Uint8Array.from(atob(body.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const expires = Number(claims["exp"]) * 1000;
    if (!(expires > now)) return null;
    const role = ROLES.find((r) => r === claims["role"]) ?? "viewer";
    return { token, role, expires, name: String(claims["name"] ?? ""), scope: String(claims["scope"] ?? "") };
  } catch {
    return null; // Not a token of ours: the same as being signed out.
  }
}

let current = readSession(localStorage.getItem(KEY));
const listeners = new Set<() => void>();

function take(token: string | null): void {
  current = readSession(token);
  listeners.forEach((tell) => tell());
}

function change(token: string | null): void {
  if (token) localStorage.setItem(KEY, token);
  else localStorage.removeItem(KEY);
  take(token);
}

/** The session, or null. */
export const session = (): Session | null => current;
export const signIn = (token: string): void => change(token);
export const signOut = (): void => change(null);

export function onSession(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export const useSession = (): Session | null => useSyncExternalStore(onSession, session);

/** Whether somebody has `role` or a higher one. */
export const may = (who: Pick<Session, "role"> | null, role: Role): boolean => who !== null && ROLES.indexOf(who.role) >= ROLES.indexOf(role);

/** Whether the one signed in has `role` or a higher one. */
export const useMay = (role: Role): boolean => may(useSession(), role);

// Another tab signed in or out. A tab that slept hears of it late: what is kept now counts, and is left as it is.
window.addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  const before = current;
  take(localStorage.getItem(KEY));
  // What this tab shows and follows is the other person's, who may see more.
  if (before && current && before.name !== current.name) location.reload();
});
