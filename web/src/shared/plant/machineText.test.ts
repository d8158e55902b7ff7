import { expect, it, vi } from "vitest";

// The live feed and style sheets live in the browser.
vi.mock("@/shared/live/hooks", () => ({}));
vi.mock("@/shared/ui/Mark", () => ({}));
const { joined } = await import("./machineText");

it.each([
  [["RUN", undefined, ""], "RUN"], [["RUN", "High alarm", ""], "RUN · High alarm"], [["", "High alarm", "No fresh data"], "High alarm · No fresh data"], [["", undefined, ""], "Normal"],
])("%o reads %s", (parts, text) => expect(joined(parts, "Normal")).toBe(text));
