import { afterEach, describe, expect, it, vi } from "vitest";

const KEY = "andon.token";
const LATER = Date.now() / 1000 + 3600;
const tokenOf = (name: string): string => `x.${btoa(JSON.stringify({ name, role: "viewer", exp: LATER }))}.x`;

/** A tab that opens while `kept` stands in the browser. */
async function tab(kept: string | null) {
  const store = new Map(kept ? [[KEY, kept]] : []);
  const reload = vi.fn();
  let hear: (event: { key: string; newValue: string | null }) => void = () => undefined;
  vi.stubGlobal("localStorage", { getItem: (key: string) => store.get(key) ?? null, setItem: (key: string, value: string) => store.set(key, value), removeItem: (key: string) => store.delete(key) });
  vi.stubGlobal("window", { addEventListener: (_: string, listener: typeof hear) => (hear = listener) });
  vi.stubGlobal("location", { reload });
  vi.resetModules();
  const { session } = await import("./session");
  return { store, reload, session, hear: (newValue: string | null) => hear({ key: KEY, newValue }) };
}

afterEach(() => vi.unstubAllGlobals());

describe("another tab of the same browser", () => {
  it("signs out here, too", async () => {
    const here = await tab(tokenOf("eva"));
    here.store.clear();
    here.hear(null);
    expect(here.session()).toBeNull();
  });
  it("stays signed in when a tab that slept hears late that somebody has left", async () => {
    const here = await tab(tokenOf("eva"));
    here.store.set(KEY, tokenOf("tom"));
    here.hear(null);
    expect(here.session()?.name).toBe("tom");
    expect(here.store.get(KEY)).toBe(tokenOf("tom"));
  });
  it("begins anew for somebody else, who may see less than what stands here", async () => {
    const here = await tab(tokenOf("eva"));
    here.store.set(KEY, tokenOf("tom"));
    here.hear(tokenOf("tom"));
    expect(here.reload).toHaveBeenCalledOnce();
  });
  it("renews a token without a word", async () => {
    const here = await tab(tokenOf("eva"));
    const renewed = tokenOf("eva").replace(/x$/, "y");
    here.store.set(KEY, renewed);
    here.hear(renewed);
    expect(here.session()?.token).toBe(renewed);
    expect(here.reload).not.toHaveBeenCalled();
  });
});
