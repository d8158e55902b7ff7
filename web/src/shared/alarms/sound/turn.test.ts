import { expect, it } from "vitest";
import { LEASE_MS, mayClaim } from "./turn";

const now = 1_700_000_000_000;

it.each([
  ["nobody has it", null, true],
  ["it has it itself", { tab: "me", at: now }, true],
  ["another sounded just now", { tab: "other", at: now - 1000 }, false],
  ["another is long gone", { tab: "other", at: now - LEASE_MS - 1 }, true],
  ["another's clock was set back since", { tab: "other", at: now + 3 * LEASE_MS }, true],
])("a tab may sound when %s: %j", (_, claim, may) => expect(mayClaim(claim, "me", now)).toBe(may));
