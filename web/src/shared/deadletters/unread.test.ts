import { beforeEach, expect, it, vi } from "vitest";

const kept = new Map<string, string>();
vi.stubGlobal("localStorage", { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => kept.set(k, v) });
const get = vi.fn<() => Promise<unknown>>();
vi.mock("@/shared/api/http", () => ({ get }));
const { askNewest, markAfter, markSeen, seen, unreadOf } = await import("./unread");

const pollAnswers = (newest: number): Promise<number> => {
  get.mockResolvedValueOnce({ items: newest ? [{ id: String(newest) }] : [] });
  return askNewest();
};
const badge = async (newest: number): Promise<number> => unreadOf(await pollAnswers(newest), seen());

beforeEach(() => kept.clear());

it.each([[0, 0, 0], [140, 0, 140], [140, 138, 2], [140, 140, 0], [138, 140, 0], [140, null, 0]])("newest %s, seen up to %s: %d to read", (newest, mark, count) =>
  expect(unreadOf(newest, mark)).toBe(count));

it.each([[140, null, 140], [0, null, 0], [140, 138, 138], [140, 140, 140], [3, 140, 0], [0, 140, 140]])("a poll that finds %s moves a mark at %s to %s", (newest, before, after) =>
  expect(markAfter(newest, before)).toBe(after));

it("begins with nothing to read in a browser that is new, and counts from there", async () => {
  expect([await badge(140), await badge(143)]).toEqual([0, 3]);
});

it("counts the very first letter of a plant", async () => {
  expect([await badge(0), await badge(1)]).toEqual([0, 1]);
});

it("keeps what was read as read when the page shows what it kept from before", () => {
  markSeen(140, NaN);
  markSeen(138, NaN);
  expect(seen()).toBe(140);
});

it("takes no answer that was on its way while the page was read for counting anew", async () => {
  markSeen(130, NaN);
  const late = pollAnswers(138);
  markSeen(140, NaN);
  expect([unreadOf(await late, seen()), seen()]).toEqual([0, 140]);
  kept.clear();
  const first = pollAnswers(138);
  markSeen(140, NaN);
  expect([unreadOf(await first, seen()), seen()]).toEqual([0, 140]);
});

it("counts again once the stream was emptied and counts anew", async () => {
  markSeen(140, NaN);
  expect([await badge(0), await badge(3)]).toEqual([0, 3]);
  markSeen(3, NaN);
  expect([await badge(3), await badge(5)]).toEqual([0, 2]);
});

it("does not take replayed letters for a stream that counts anew", async () => {
  const answers = (id: string, at: string): Promise<number> => {
    get.mockResolvedValueOnce({ items: [{ id, at }] });
    return askNewest();
  };
  markSeen(140, Date.parse("2026-11-25T12:00:00Z"));
  expect(unreadOf(await answers("90", "2026-11-25T11:00:00Z"), seen())).toBe(0);
  expect(unreadOf(await answers("142", "2026-11-25T12:05:00Z"), seen())).toBe(2);
  expect(unreadOf(await answers("3", "2026-11-25T13:00:00Z"), seen())).toBe(3);
});
