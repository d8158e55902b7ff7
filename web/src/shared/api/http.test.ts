import { afterEach, describe, expect, it, vi } from "vitest";
import { all, get, post, Problem, remove, send, url } from "./http";

const { signOut, session } = vi.hoisted(() => ({ signOut: vi.fn(), session: vi.fn(() => ({ token: "secret" })) }));
vi.mock("./session", () => ({ session, signOut }));

const asked = vi.fn<(target: string, init: RequestInit) => Promise<Response>>();
vi.stubGlobal("fetch", asked);
const answers = (...bodies: unknown[]): void => bodies.forEach((body) => asked.mockResolvedValueOnce(Response.json(body)));
const targets = (): unknown[] => asked.mock.calls.map(([target]) => target);
afterEach(() => { asked.mockReset(); signOut.mockReset(); });

it("puts parameters where they belong, and asks for none that say nothing", () => {
  expect(url("/a/{id}/b", { id: "p/1 x", q: "ö", none: "", gone: undefined, both: ["1", "2"], is: false })).toBe("/a/p%2F1%20x/b?q=%C3%B6&both=1&both=2&is=false");
  expect(url("/a", {})).toBe("/a");
});

it("sends JSON with the caller's token", async () => {
  answers({ id: "d" });
  expect(await post("/api/registry/v1/devices", {}, { name: "press", scope: "berlin" })).toEqual({ id: "d" });
  const [target, init] = asked.mock.calls[0] ?? [];
  expect([target, init?.method, init?.body]).toEqual(["/api/registry/v1/devices", "POST", '{"name":"press","scope":"berlin"}']);
  expect(Object.fromEntries(new Headers(init?.headers))).toEqual({ authorization: "Bearer secret", "content-type": "application/json" });
});

it("reads a list page by page, and no further than it is told to", async () => {
  const [one, two] = [{ items: ["a", "b"], next_cursor: "b" }, { items: ["c"], next_cursor: null }];
  answers(one, two);
  expect(await all("/api/registry/v1/people", { limit: 2 })).toEqual(["a", "b", "c"]);
  expect(targets()).toEqual(["/api/registry/v1/people?limit=2", "/api/registry/v1/people?limit=2&cursor=b"]);
  answers(one);
  expect(await all("/api/registry/v1/people", {}, undefined, 2)).toEqual(["a", "b"]);
});

describe("what goes wrong", () => {
  it("is told in the service's words", async () => {
    asked.mockResolvedValueOnce(Response.json({ title: "Not found", detail: "There is no person 'x'" }, { status: 404 }));
    await expect(remove("/api/registry/v1/people/{person_id}", { person_id: "x" })).rejects.toMatchObject({ status: 404, title: "Not found", message: "There is no person 'x'" });
    expect(signOut).not.toHaveBeenCalled();
  });
  it("signs out who is not known any more", async () => {
    asked.mockResolvedValueOnce(new Response("", { status: 401 }));
    await expect(get("/api/registry/v1/me")).rejects.toBeInstanceOf(Problem);
    expect(signOut).toHaveBeenCalledOnce();
  });
  it("signs nobody out for a late answer to the token of before", async () => {
    session.mockReturnValueOnce({ token: "of before" });
    asked.mockResolvedValueOnce(new Response("", { status: 401 }));
    await expect(get("/api/registry/v1/me")).rejects.toBeInstanceOf(Problem);
    expect(signOut).not.toHaveBeenCalled();
  });
  it("has status 0 where nobody answers", async () => {
    asked.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    await expect(get("/api/registry/v1/me")).rejects.toMatchObject({ status: 0 });
  });
});

/** Never called: the compiler reads it. Where one of the lines in error were right, it would say so. */
export async function contract(id: string, signal: AbortSignal): Promise<void> {
  const alarm = await get("/api/alerting/v1/alarms/{alarm_id}", { alarm_id: id }, signal);
  alarm.transitions[0]?.from.startsWith("un");
  (await get("/api/query/v1/stats", { sensor: id, from: 17, to: "now" })).median?.toFixed();
  (await all("/api/registry/v1/assets", { kind: "line" }))[0]?.sensors[0]?.limits.hh?.toFixed();
  await post("/api/alerting/v1/alarms/{alarm_id}/ack", { alarm_id: id });
  await post("/api/alerting/v1/alarms/{alarm_id}/ack", { alarm_id: id }, { comment: "seen" });
  await send("get", "/api/alerting/v1/alarms/stream", {}, { signal });
  // @ts-expect-error no such path
  await get("/api/alerting/v1/alarmz");
  // @ts-expect-error no such method
  await post("/api/query/v1/stats", { sensor: id });
  // @ts-expect-error the sensor is missing
  await get("/api/query/v1/stats");
  // @ts-expect-error no such parameter
  await get("/api/query/v1/stats", { sensor: id, form: "now" });
  // @ts-expect-error no such kind
  await all("/api/registry/v1/assets", { kind: "lines" });
  // @ts-expect-error the body is missing
  await post("/api/registry/v1/devices", {});
  // @ts-expect-error no such field
  await post("/api/registry/v1/devices", {}, { name: "press", scope: "berlin", colour: "red" });
  // @ts-expect-error no list
  await all("/api/ingest/v1/ledger");
}
