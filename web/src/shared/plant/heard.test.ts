import { expect, it, vi } from "vitest";
import { heardOf } from "./heard";
import type { Node } from "./tree";

vi.mock("@/shared/live/hooks", () => ({}));
vi.mock("./queries", () => ({}));
const { heardText } = await import("./Freshness");

const node = (path: string, kind: string, more = {}) => ({ path, kind, children: [], sensors: [], ...more }) as unknown as Node;
const machine = (path: string) => node(path, "machine", { sensors: [{ path: `${path}/x` }, { path: `${path}/y` }] });
const LINE = node("l", "line", { children: [machine("l/a"), machine("l/b"), machine("l/never")] });
const cell = (ts: number) => ({ ts, value: 1, quality: "good" as const, interval: 0 });

it("takes each machine's newest value, by whichever sensor", () => {
  const cells: Record<string, ReturnType<typeof cell>> = { "l/a/x": cell(1_000), "l/a/y": cell(90_000), "l/b/x": cell(30_000) };
  const heard = heardOf(LINE, (path) => cells[path]);
  expect(heard).toEqual({ newest: 90_000, oldest: 30_000 });
  expect(heardText(heard, 91_000)).toBe("Data 1 s to 1 min 01 s old");
  expect(heardText({ newest: 90_000, oldest: 89_000 }, 91_000)).toBe("Data 1 s old");
});

it("says so where nothing was ever heard", () => expect([heardOf(LINE, () => undefined), heardText(undefined, 0)]).toEqual([undefined, "No data yet"]));
