import { expect, it, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null });
vi.stubGlobal("window", { addEventListener: () => undefined });
const { Problem } = await import("@/shared/api/http");
const { heardAnswer, heardError, isReachable } = await import("./connection");

it("knows a broken way from a refusal", () => {
  heardError(new Problem(0, "No answer", ""));
  expect(isReachable()).toBe(false);
  heardError(new Problem(403, "Not allowed", ""));
  expect(isReachable()).toBe(true);
  heardError(new Problem(0, "No answer", ""));
  heardAnswer();
  expect(isReachable()).toBe(true);
});
