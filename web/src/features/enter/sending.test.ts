import { beforeEach, describe, expect, it, vi } from "vitest";

const kept = new Map<string, string>();
vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value), removeItem: (key: string) => kept.delete(key) });
vi.stubGlobal("navigator", {});
const who = vi.hoisted(() => ({ name: "eva" as string | null }));
const post = vi.hoisted(() => vi.fn());
vi.mock("@/shared/api/session", () => ({ session: () => (who.name ? { name: who.name } : null), onSession: () => () => undefined }));
vi.mock("@/shared/api/http", () => {
  class Problem extends Error {
    constructor(readonly status: number) { super(`problem ${status}`); }
  }
  return { post, Problem };
});
vi.mock("@/shared/ui/tell", () => ({ tell: vi.fn() }));

const { Problem } = await import("@/shared/api/http");
const { outbox, submit } = await import("./sending");

const READING = { id: "r", asset: "berlin/press", name: "Press", ts: 1, values: { level: 80 }, note: "" };
const refuse = (status: number) => new (Problem as unknown as new (status: number) => Error)(status);
const idsOf = (name: string): string[] => (JSON.parse(kept.get(`andon.entered.${name}`) ?? "[]") as { id: string }[]).map(({ id }) => id);

beforeEach(() => { kept.clear(); post.mockReset(); who.name = "eva"; });

it("is stored once the service has it, and kept no longer", async () => {
  post.mockResolvedValueOnce({ refused: [] });
  expect(await submit(READING)).toBe("stored");
  expect(idsOf("eva")).toEqual([]);
});

describe("whoever is signed out while a reading is on its way", () => {
  it("is not told that it was stored, and finds it again", async () => {
    post.mockImplementationOnce(async () => { who.name = null; throw refuse(401); });
    expect(await submit(READING)).toBe("waiting");
    expect(idsOf("eva")).toEqual(["r"]);
  });
  it("finds no reading again that was stored after all, for it may have been mended since", async () => {
    post.mockImplementationOnce(async () => { who.name = "tom"; return { refused: [] }; });
    expect(await submit(READING)).toBe("stored");
    expect([idsOf("eva"), idsOf("tom"), outbox()]).toEqual([[], [], []]);
  });
  it("leaves none of it to the next one", async () => {
    post.mockImplementationOnce(async () => { who.name = "tom"; throw refuse(403); });
    expect(await submit(READING)).toBe("refused");
    expect([idsOf("eva"), outbox()]).toEqual([["r"], []]);
  });
});
