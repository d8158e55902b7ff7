import { beforeEach, expect, it, vi } from "vitest";
import type { Replayed } from "@/shared/api/types";

const post = vi.fn<(url: string, params: object, body: unknown) => Promise<Replayed>>();
vi.mock("@/shared/api/http", () => ({ post }));
const { doneText, planText, replayAll, stillText } = await import("./replay");

const outcome = (replayed: number, still_refused: number, next_cursor: string | null = null): Replayed => ({ replayed, still_refused, next_cursor, refused: still_refused ? [{ id: "7", source: "factory/a", reason: "malformed", detail: "no JSON", count: still_refused }] : [] });
beforeEach(() => post.mockReset());

it("calls again until all were tried, and tells of each step", async () => {
  post.mockResolvedValueOnce(outcome(1000, 2, "1200")).mockResolvedValueOnce(outcome(5, 1));
  const steps: number[] = [];
  const sum = await replayAll({ under: "berlin" }, "2026-11-25T12:00:00Z", false, (step) => steps.push(step.replayed));
  expect(sum).toEqual(outcome(1005, 3));
  expect(steps).toEqual([1000, 1005]);
  expect(post.mock.calls.map(([, , body]) => body)).toEqual([null, "1200"].map((cursor) => ({ under: "berlin", to: "2026-11-25T12:00:00Z", cursor, dry_run: false })));
});

it.each([
  [outcome(0, 0), "No letter matches any more."],
  [outcome(1, 0), "1 letter matches. It can be used now."],
  [outcome(12, 0), "12 letters match. All of them can be used now."],
  [outcome(12, 3), "15 letters match. 12 of them can be used now; the others stay."],
  [outcome(0, 1), "The one that matches cannot be used as the plant is now."],
  [outcome(0, 2), "None of the 2 letters that match can be used as the plant is now."],
])("plans %j in words", (plan, text) => expect(planText(plan)).toBe(text));

it.each([
  [outcome(0, 0), "Nothing was left to replay; somebody else was first."],
  [outcome(1, 0), "1 letter is readings now, at its own time."],
  [outcome(2, 1), "2 letters are readings now, each at its own time. 1 letter stays."],
  [outcome(0, 2), "2 letters stay."],
])("tells %j in words", (done, text) => expect(doneText(done)).toBe(text));

it("says why one letter is still refused, which may be another reason than before", () => {
  const refused = [{ id: "5", source: "factory/b", reason: "unknown-sensor" as const, detail: "there is no sensor heat", count: 1 }];
  expect(stillText({ replayed: 0, still_refused: 1, refused, next_cursor: null })).toBe("Still refused: there is no sensor heat (unknown sensor). The letter stays.");
});
