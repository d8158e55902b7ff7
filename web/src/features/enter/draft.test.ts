import { describe, expect, it } from "vitest";
import type { Sensor } from "@/shared/api/types";
import { EMPTY, filling, isReady, unsure, withSure, withText } from "./draft";

const sensor = (key: string, datatype: Sensor["datatype"], h: number | null = null): Sensor =>
  ({ key, path: `m/${key}`, name: key, unit: "", datatype, limits: { ll: null, l: null, h, hh: null }, decimals: 1, expression: "", entered_every: "" });
const SENSORS = [sensor("level", "float", 95), sensor("clean", "bool"), sensor("state", "string")];
const NOW = Date.UTC(2026, 10, 26, 14, 3);
const past = { last: () => undefined, known: () => ["RUN"] };
const fill = (draft: typeof EMPTY) => filling(SENSORS, draft, past, NOW);

describe("a form", () => {
  it("sends only what is filled in, each as its kind", () => {
    const draft = withText(withText(EMPTY, "level", " 80,5 "), "clean", "false");
    expect(fill(draft)).toMatchObject({ values: { level: 80.5, clean: false }, faults: {}, doubts: {}, at: NOW });
    expect(isReady(fill(draft), draft)).toBe(true);
    expect(isReady(fill(EMPTY), EMPTY)).toBe(false);
  });
  it("asks once for what is strange, and again once it is another value", () => {
    let draft = withText(EMPTY, "level", "99");
    expect([isReady(fill(draft), draft), unsure(fill(draft), draft)]).toEqual([false, ["level"]]);
    draft = withSure(draft, "level", true);
    expect(isReady(fill(draft), draft)).toBe(true);
    draft = withText(draft, "level", "990");
    expect(isReady(fill(draft), draft)).toBe(false);
  });
  it("holds back all of it while one value is none", () => {
    const draft = withText(withText(EMPTY, "level", "8o"), "state", "RUN");
    expect(fill(draft)).toMatchObject({ values: { state: "RUN" }, faults: { level: "noNumber" } });
    expect(isReady(fill(draft), draft)).toBe(false);
  });
  it("is for now or before", () => {
    const at = (text: string) => fill({ ...EMPTY, at: text });
    expect(at("-10m").at).toBe(NOW - 600_000);
    expect(["now", "2026-11-27 10:00", "2024-01-01", "soon"].map((text) => at(text).atFault)).toEqual([undefined, "future", "tooOld", "noTime"]);
  });
});
