import { expect, it, vi } from "vitest";

vi.mock("@/shared/api/http", () => ({}));
const { unreadOf } = await import("./unread");

it.each([[0, 0, 0], [140, 0, 140], [140, 138, 2], [140, 140, 0], [3, 140, 3]])("newest %d, seen up to %d: %d to read", (newest, last, count) => expect(unreadOf(newest, last)).toBe(count));
