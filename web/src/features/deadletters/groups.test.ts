import { expect, it } from "vitest";
import type { DeadLetter } from "@/shared/api/types";
import { groupsOf } from "./groups";

const letter = (id: string, source: string, detail = "no sensor 'oil'"): DeadLetter => ({ id, source, detail, reason: "unknown-sensor", device: "d", at: "", size: 1, complete: true, payload: "", encoding: "utf-8", obstacle: "" });

it("makes one line of a flood, and keeps every letter in it", () => {
  const groups = groupsOf([letter("9", "press"), letter("8", "robot"), letter("7", "press"), letter("6", "press", "no sensor 'air'"), letter("5", "press")]);
  expect(groups.map((g) => g.letters.map(({ id }) => id))).toEqual([["9", "7", "5"], ["8"], ["6"]]);
  expect(groups[0]?.newest.id).toBe("9");
});
