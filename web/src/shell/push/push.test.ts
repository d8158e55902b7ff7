import { describe, expect, it, vi } from "vitest";

vi.hoisted(() => {
  vi.stubGlobal("localStorage", { getItem: () => null });
  vi.stubGlobal("window", { addEventListener: () => undefined });
});
const { bytesOfKey, isDue, obstacle, readKept, subscribe } = await import("./push");

it("reads a key as URLs write it", () => expect([...bytesOfKey("-_8B")]).toEqual([0xfb, 0xff, 0x01]));

describe("a subscription", () => {
  const kept = { id: "s", person: "maria", at: 1000 };
  it("is kept as it was written, and nothing else is", () => {
    expect(readKept(JSON.stringify(kept))).toEqual(kept);
    expect([readKept(null), readKept("{"), readKept("[]"), readKept('{"id":1}')]).toEqual([null, null, null, null]);
  });
  it("is renewed once a day", () => expect([isDue(kept, "maria", 2000), isDue(kept, "maria", 1000 + 86_400_001)]).toEqual([false, true]));
  it("is no other person's", () => expect([isDue(kept, "jan", 2000), isDue(null, "maria", 2000)]).toEqual([true, true]));
});

it("says why a browser cannot be told", () => {
  vi.stubGlobal("isSecureContext", false);
  expect(obstacle()).toContain("https");
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("navigator", {});
  expect(obstacle()).toContain("knows no notifications");
  vi.stubGlobal("navigator", { serviceWorker: {} });
  vi.stubGlobal("PushManager", {});
  vi.stubGlobal("Notification", { permission: "denied" });
  expect(obstacle()).toContain("settings");
  vi.stubGlobal("Notification", { permission: "default" });
  expect(obstacle()).toBe("");
});

describe("the push service of the browser's maker", () => {
  const key = new Uint8Array([1]);
  it("that refuses is told of in words", async () => {
    await expect(subscribe({ subscribe: () => Promise.reject(new Error("no service")) }, key)).rejects.toThrow("refuses: no service");
  });
  it("that never answers is not waited for", async () => {
    vi.useFakeTimers();
    const asked = expect(subscribe({ subscribe: () => new Promise(() => undefined) }, key)).rejects.toThrow("internet");
    await vi.advanceTimersByTimeAsync(20_000);
    await asked;
    vi.useRealTimers();
  });
});
