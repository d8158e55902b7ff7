import { expect, it, vi } from "vitest";
import type { Alarm } from "@/shared/api/types";

vi.mock("@/shared/alarms/feed", () => ({ useOpenAlarms: vi.fn() }));
const { waitingOf } = await import("./useWaiting");

const alarm = (id: string, severity: string, state: string, since: string): Alarm => ({ id, severity, state, since }) as unknown as Alarm;

it("names the most severe of those that nobody has acknowledged, and of equal ones the newest", () => {
  const alarms = [
    alarm("a", "medium", "unacknowledged", "2026-11-26T10:00:00Z"),
    alarm("b", "critical", "acknowledged", "2026-11-26T10:00:00Z"),
    alarm("c", "high", "returned", "2026-11-26T10:00:00Z"),
    alarm("d", "high", "unacknowledged", "2026-11-26T11:00:00Z"),
    alarm("e", "critical", "shelved", "2026-11-26T10:00:00Z"),
  ];
  const { count, worst } = waitingOf(alarms);
  expect([count, worst?.id]).toEqual([3, "d"]);
});

it("names none where nothing waits", () => expect(waitingOf([])).toEqual({ count: 0, worst: undefined }));
