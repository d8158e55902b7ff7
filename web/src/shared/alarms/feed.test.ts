import { expect, it, vi } from "vitest";
import type { Alarm } from "@/shared/api/types";

// The session, which the feed asks for its token, lives in the browser.
vi.hoisted(() => {
  vi.stubGlobal("localStorage", { getItem: () => null });
  vi.stubGlobal("window", { addEventListener: () => undefined });
});
const { withAlarms } = await import("@/shared/alarms/feed");
const { readSession } = await import("@/shared/api/session");

const alarm = (id: string, state: Alarm["state"]): Alarm => ({ id, state }) as Alarm;

it("keeps each open alarm once, in its newest shape", () => {
  const list = withAlarms([alarm("a", "unacknowledged"), alarm("b", "unacknowledged")], [alarm("a", "acknowledged")]);
  expect(list).toEqual([alarm("a", "acknowledged"), alarm("b", "unacknowledged")]);
});

it.each(["normal", "shelved", "suppressed", "out-of-service"] as const)("lets go of an alarm once it is %s", (state) =>
  expect(withAlarms([alarm("a", "acknowledged")], [alarm("a", state)])).toEqual([]));

const token = (claims: object): string =>
  `x.${btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(claims)))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}.x`;

it("reads who is signed in from the token, and nobody from an old or broken one", () => {
  expect(readSession(token({ name: "Jürgen", role: "operator", scope: "berlin", exp: 2 }), 1000)).toMatchObject({ name: "Jürgen", role: "operator", scope: "berlin" });
  expect(readSession(token({ name: "x", role: "root", exp: 2 }), 1000)?.role).toBe("viewer");
  expect([readSession(token({ exp: 2 }), 2000), readSession("nonsense", 0), readSession("a.b.c", 0), readSession(null, 0)]).toEqual([null, null, null, null]);
});
