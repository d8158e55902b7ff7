import { expect, it, vi } from "vitest";

vi.mock("@/shared/api/session", () => ({ session: () => null }));
const { readPlaces, withVisit } = await import("./recent");

it("keeps each place once, the newest first, and not too many", () => {
  expect(withVisit(["/a", "/b", "/c"], "/b")).toEqual(["/b", "/a", "/c"]);
  expect(withVisit(Array.from({ length: 12 }, (_, i) => `/${i}`), "/new")).toHaveLength(12);
});

it("reads places of our own alone", () => {
  expect(readPlaces('["/plant/berlin", "//evil.example", "https://evil.example", 7]')).toEqual(["/plant/berlin"]);
  expect([readPlaces("{"), readPlaces(null), readPlaces('{"a": 1}')]).toEqual([[], [], []]);
});
