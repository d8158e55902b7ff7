import { expect, it, vi } from "vitest";
import type * as time from "@/shared/format/time";
import { firstTurn, tonight, typed, weekend } from "./stretches";

vi.mock("@/shared/format/time", async (whole) => ({ ...(await whole<typeof time>()), timeZone: () => "Europe/Berlin" }));

const at = (text: string): number => Date.parse(`${text}+01:00`);
const span = (from: string, to: string) => ({ from: at(from), to: at(to) });

it.each([
  ["2026-11-26T14:00", span("2026-11-26T18:00", "2026-11-27T06:00")],
  ["2026-11-26T22:30", span("2026-11-26T22:30", "2026-11-27T06:00")],
  ["2026-11-27T02:00", span("2026-11-27T02:00", "2026-11-27T06:00")],
])("tonight, said at %s", (now, meant) => expect(tonight(at(now))).toEqual(meant));

it.each([
  ["2026-11-26T14:00", span("2026-11-28T00:00", "2026-11-30T00:00")],
  ["2026-11-29T10:00", span("2026-11-29T10:00", "2026-11-30T00:00")],
  ["2026-11-30T10:00", span("2026-12-05T00:00", "2026-12-07T00:00")],
])("the weekend, said at %s", (now, meant) => expect(weekend(at(now))).toEqual(meant));

it.each([
  ["2026-11-27T03:00", "Europe/Berlin", "2026-11-26T08:00"],
  ["2026-11-27T08:00", "Europe/Berlin", "2026-11-27T08:00"],
  ["2026-11-27T09:00", "America/Detroit", "2026-11-26T08:00"],
  ["2026-11-27T09:00", "Asia/Tokyo", "2026-11-27T08:00"],
])("a first turn has begun at %s in %s", (now, zone, start) => expect(firstTurn(at(now), zone)).toBe(start));

it("is typed to the minute", () => expect(typed({ from: 0, to: 60_000 }).from).toMatch(/^19(69|70)-\d\d-\d\dT\d\d:\d\d$/));
