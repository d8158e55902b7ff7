/** Where somebody wanted to go who has to sign in first. Pure. */

/** Any origin: it is only seen whether an address leaves it. */
const HERE = "https://andon.invalid";

/** Only addresses of our own: a link must not send a person elsewhere after signing in. */
export function readNext(search: Record<string, unknown>): { next?: string } {
  const next = search["next"];
  if (typeof next !== "string" || !next.startsWith("/") || !URL.canParse(next, HERE)) return {};
  const { origin, pathname, search: query, hash } = new URL(next, HERE);
  return origin === HERE && !pathname.startsWith("//") ? { next: pathname + query + hash } : {};
}
