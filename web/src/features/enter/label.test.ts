import { describe, expect, it } from "vitest";
import { addressOf, isReachable, scannedMachine } from "./label";

describe("a label", () => {
  it("says the address of its machine, and is read again", () => {
    for (const id of ["k3f9a1c2", "12345678", "1e234567", "berlin/pressing/line-1/press-1"]) expect(scannedMachine(addressOf("https://andon.example/", id))).toBe(id);
    expect(addressOf("https://andon.example", "k3f9a1c2")).toBe("https://andon.example/enter?machine=k3f9a1c2");
  });
  it("is told from other codes", () => {
    expect(["hello", "https://example.com/", "https://example.com/enter", "https://example.com/enter?machine=", "WIFI:S:hall;;", `https://x/enter?machine=${"a".repeat(300)}`].map(scannedMachine)).toEqual(Array(6).fill(undefined));
  });
  it("is of no use with an address that phones do not reach", () => {
    expect(["https://andon.example", "http://10.1.2.3:8000", "http://localhost:8000", "http://127.0.0.1:8000", "nonsense"].map(isReachable)).toEqual([true, true, false, false, false]);
  });
});
