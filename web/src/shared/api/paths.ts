/** What the services take and answer, by path and method, as their OpenAPI documents say. Types alone. */

import type { paths as Alerting } from "./generated/alerting";
import type { paths as Ingest } from "./generated/ingest";
import type { paths as Query } from "./generated/query";
import type { paths as Registry } from "./generated/registry";

type At<Prefix extends string, Own> = { [P in keyof Own & string as `${Prefix}${P}`]: Own[P] };

/** All paths of one origin, with the services' own places before them. */
export type Paths = At<"/api/registry/v1", Registry> & At<"/api/ingest/v1", Ingest> & At<"/api/query/v1", Query> & At<"/api/alerting/v1", Alerting>;
export type Method = "get" | "post" | "put" | "patch" | "delete";

/** Paths that have a method. */
export type PathOf<M extends Method> = { [P in keyof Paths]: Paths[P] extends Record<M, object> ? P : never }[keyof Paths];
type Operation<M extends Method, P extends PathOf<M>> = Paths[P] extends Record<M, infer O> ? O : never;

/** In an address all is text: a number may stand for a text (epoch ms), and one text where several are possible. */
type Sent<V> = V extends null ? undefined : V extends readonly string[] ? V[number] | readonly V[number][] : string extends V ? string | number : V;
type Place = "path" | "query";
type Part<O, In extends Place> = O extends { parameters: infer All } ? (In extends keyof All ? NonNullable<All[In]> : never) : never;
type Named<T> = [T] extends [never] ? object : { [Name in keyof T]: Sent<T[Name]> };
/** What a path has in braces, and what follows its question mark, by name. */
export type Params<M extends Method, P extends PathOf<M>> = object & Named<Part<Operation<M, P>, "path">> & Named<Part<Operation<M, P>, "query">>;

/** The JSON that is sent; undefined where there is none. */
export type Body<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { requestBody: { content: { "application/json": infer B } } } ? B
  : Operation<M, P> extends { requestBody?: { content: { "application/json": infer B } } } ? B | undefined
  : undefined;

type Success<R> = R extends { 200: infer A } ? A : R extends { 201: infer A } ? A : R extends { 202: infer A } ? A : never;
/** The JSON that comes back; undefined where there is none. */
export type Answer<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { responses: infer R } ? (Success<R> extends { content: { "application/json": infer A } } ? A : undefined) : never;

/** Paths that list something page by page, and what. */
export type ListPath = { [P in PathOf<"get">]: Answer<"get", P> extends { items: unknown[]; next_cursor: unknown } ? P : never }[PathOf<"get">];
export type Item<P extends ListPath> = Answer<"get", P> extends { items: (infer I)[] } ? I : never;
