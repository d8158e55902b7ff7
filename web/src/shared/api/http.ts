/**
 * Requests to the services: bearer token, JSON, RFC 9457 problems.
 *
 *     get("/api/alerting/v1/alarms/{alarm_id}", { alarm_id: id }, signal)
 *     post("/api/registry/v1/devices", {}, { name, scope })
 *
 * Paths are written as the OpenAPI documents have them. Parameters of the path and the query stand together, by name;
 * the compiler knows them, the body and the answer. What is undefined or '' is not asked for.
 */

import { learnClock } from "@/shared/clock";
import type { Answer, Body, Item, ListPath, Method, Params, PathOf } from "./paths";
import { session, signOut } from "./session";
import { texts } from "./texts";

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

/** A path with its parameters in their places. */
export function url(path: string, params: object = {}): string {
  const query = new URLSearchParams();
  const named = new Map(Object.entries(params));
  const place = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = named.get(name);
    named.delete(name);
    return encodeURIComponent(String(value));
  });
  for (const [key, value] of named) {
    if (Array.isArray(value)) value.forEach((v) => query.append(key, v));
    else if (value !== undefined && value !== null && value !== "") query.set(key, String(value));
  }
  return query.size > 0 ? `${place}?${query}` : place;
}

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
  return new Problem(response.status, body.title ?? texts().answered(response.status), body.detail ?? "");
}

async function ask(target: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  const token = session()?.token;
  if (token) headers.set("Authorization", `Bearer ${token}`);
  let response: Response;
  try {
    response = await fetch(target, { ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, texts().noAnswer, texts().noAnswerMore);
  }
  learnClock(response.headers.get("Date"));
  if (response.ok) return response;
  // An answer to the token of before, late, says nothing of the one there is now.
  if (response.status === 401 && token && token === session()?.token) signOut();
  throw await problemOf(response);
}

/** What may be left out where nothing of it is required. */
type Asked<M extends Method, P extends PathOf<M>, More> = object extends Params<M, P> ? [params?: Params<M, P>, more?: More] : [params: Params<M, P>, more?: More];
type Written<M extends Method, P extends PathOf<M>> = undefined extends Body<M, P> ? Asked<M, P, Body<M, P>> : [params: Params<M, P>, body: Body<M, P>];

/**
 * The response to what is no JSON: files, forms, streams.
 *
 * Throws Problem: the service refused, or (status 0) nobody answered.
 */
export const send = <M extends Method, P extends PathOf<M>>(method: M, path: P, params: Params<M, P>, init: RequestInit = {}): Promise<Response> =>
  ask(url(path, params), { ...init, method: method.toUpperCase() });

/** What a path answers. Throws Problem, as all of these do. */
export async function get<P extends PathOf<"get">>(path: P, ...[params, signal]: Asked<"get", P, AbortSignal>): Promise<Answer<"get", P>> {
  return (await ask(url(path, params), signal ? { signal } : {})).json() as Promise<Answer<"get", P>>;
}

async function write<T>(method: Method, path: string, params: object = {}, body?: unknown): Promise<T> {
  const init: RequestInit = { method: method.toUpperCase() };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "Content-Type": "application/json" };
  }
  const text = await (await ask(url(path, params), init)).text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export const post = <P extends PathOf<"post">>(path: P, ...[params, body]: Written<"post", P>) => write<Answer<"post", P>>("post", path, params, body);
export const patch = <P extends PathOf<"patch">>(path: P, ...[params, body]: Written<"patch", P>) => write<Answer<"patch", P>>("patch", path, params, body);
export const put = <P extends PathOf<"put">>(path: P, ...[params, body]: Written<"put", P>) => write<Answer<"put", P>>("put", path, params, body);
export const remove = <P extends PathOf<"delete">>(path: P, ...[params]: Asked<"delete", P, undefined>) => write<Answer<"delete", P>>("delete", path, params);

/** Every item of a list, page by page, up to `cap` items. */
export async function all<P extends ListPath>(path: P, params: Params<"get", P> | undefined = undefined, signal?: AbortSignal, cap = 20_000): Promise<Item<P>[]> {
  const items: Item<P>[] = [];
  let cursor: string | undefined;
  do {
    const target = url(path, { ...params, cursor });
    const page = (await (await ask(target, signal ? { signal } : {})).json()) as { items: Item<P>[]; next_cursor?: string | null };
    items.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor && items.length < cap);
  return items;
}
