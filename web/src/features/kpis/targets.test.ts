import { afterEach, describe, expect, it } from "vitest";
import { AS_BROWSER, prefer } from "@/shared/preferences/preferences";
import { gaugeOf, noteText, targetText, titleOf } from "./targets";

afterEach(() => { prefer(AS_BROWSER); });

const kpi = (name: string, unit = "") => ({ name, unit, title: "Title", target: "as alerting says" });

describe("a target", () => {
  it("is said as alerting says it", () => {
    prefer({ language: "en" });
    expect([kpi("per_hour"), kpi("flooded", "%"), kpi("low", "%"), kpi("chattering"), kpi("top_ten", "%")].map(targetText))
      .toEqual(["at most 6, manageable 12", "below 1\u00a0%", "about 80\u00a0%", "none", "at most 5\u00a0%"]);
  });
  it("is said in German", () => {
    prefer({ language: "de" });
    expect([targetText(kpi("per_day")), titleOf(kpi("stale"))]).toEqual(["höchstens 144, beherrschbar 288", "Daueralarme"]);
  });
  it("of a figure that is new is alerting's", () => expect([targetText(kpi("new")), titleOf(kpi("new"))]).toEqual(["as alerting says", "Title"]));
});

it("says in German why a figure is not judged", () => {
  prefer({ language: "de" });
  expect(["nothing was annunciated", "only 41 rules and sensors alarmed: of fewer than 200 ten always have more than 5 %", "12 annunciations are too few for a mix; 100 are needed", "else", ""].map(noteText)).toEqual([
    "nichts wurde gemeldet", "nur 41 Regeln an Sensoren meldeten: Unter 200 haben zehn immer mehr als 5 %", "12 Meldungen sind zu wenig für eine Verteilung; 100 sind nötig", "else", "",
  ]);
});

describe("the bar beside a figure", () => {
  it("has value and target on one scale", () => expect(gaugeOf({ name: "per_hour", value: 3, unit: "" })).toEqual({ value: 0.2, good: 0.4, bearable: 0.8 }));
  it("is as long as what is too much", () => expect(gaugeOf({ name: "per_hour", value: 40, unit: "" })?.value).toBeCloseTo(0.8));
  it("ends at a hundred per cent", () => expect(gaugeOf({ name: "low", value: 95, unit: "%" })?.value).toBeCloseTo(0.95));
  it("is none without a value, or where none is the target", () => expect([gaugeOf({ name: "per_hour", value: null, unit: "" }), gaugeOf({ name: "chattering", value: 3, unit: "" })]).toEqual([undefined, undefined]));
});
