/** Requests to the services: bearer token, JSON, RFC 9457 problems. */

import { learnClock } from "@/shared/clock";
import { session, signOut } from "./session";
import type { Page } from "./types";

/** What a service answered instead of a result; `detail` says what to do next. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;

  constructor(status: number, title: string, detail: string) {
    super(detail || title);
    this.status = status;
    this.title = title;
  }
}

export type Query = Record<string, string | number | boolean | string[] | undefined>;

export function url(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (Array.isArray(value)) value.forEach((v) => params.append(key, v));
    else if (value !== undefined && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback = `The service answered ${response.status}`;
  const body = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
  return new Problem(response.status, body.title ?? fallback, body.detail ?? "");
}

/**
 * A response with the caller's token.
 *
 * Throws Problem: the service refused, or (status 0) nobody answered.
 */
export async function send(target: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  const token = session()?.token;
  if (token) headers.set("Authorization", `Bearer ${token}`);
  let response: Response;
  try {
    response = await fetch(target, { ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, "No answer", "Andon does not answer. Check the network; this page tries again by itself.");
  }
  learnClock(response.headers.get("Date"));
  if (response.ok) return response;
  if (response.status === 401 && token) signOut();
  throw await problemOf(response);
}

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await send(url(path, query), signal ? { signal } : {})).json() as Promise<T>;
}

async function write<T>(method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "Content-Type": "application/json" };
  }
  const text = await (await send(path, init)).text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export const post = <T>(path: string, body?: unknown): Promise<T> => write<T>("POST", path, body);
export const patch = <T>(path: string, body: unknown): Promise<T> => write<T>("PATCH", path, body);
export const put = <T>(path: string, body: unknown): Promise<T> => write<T>("PUT", path, body);
export const remove = (path: string): Promise<void> => write<void>("DELETE", path);

/** Every item of a list, page by page, up to `cap` items. */
export async function all<T>(path: string, query: Query = {}, signal?: AbortSignal, cap = 20_000): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await get<Page<T>>(path, { ...query, cursor }, signal);
    items.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor && items.length < cap);
  return items;
}
