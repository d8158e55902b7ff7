import { afterEach, describe, expect, it } from "vitest";
import type { Condition, Rule, RuleDraft, Sensor } from "@/shared/api/types";
import { growTree } from "@/shared/plant/tree";
import { prefer } from "@/shared/preferences/preferences";
import { conditionText, delayText, plainWords, ruleText, watchedBy, watchesNothing } from "./words";

const sensor = { key: "t", path: "a/b/c/d/t", name: "Gearbox", unit: "Cel", datatype: "float", limits: {}, decimals: 1 } as Sensor;
const plain = (text: string): string => text.replaceAll("\u00a0", " ");

describe("a condition as a sentence", () => {
  it.each<[Condition, string]>([
    [{ above: 80 }, "above 80 °C"], [{ below: "l" }, "below its L limit"], [{ outside: [5, 80.25] }, "outside 5 to 80.25 °C"],
    [{ levels: [{ above: "hh", severity: "critical" }, { above: 80 }] }, "above its HH limit (Critical), above 80 °C"],
    [{ equals: ["FAULT", "ESTOP"] }, "says FAULT or ESTOP"], [{ silent: "30s" }, "silent for 30 s"], [{ unchanged: "10m" }, "unchanged for 10 min"],
    [{ quality: ["bad", "stale"] }, "is of bad or stale quality"], [{ deviation_from: "setpoint", outside: [-5, 5] }, "minus setpoint outside -5 to 5"],
    [{ rate_over: "10m", above: 3 }, "changes per min, over 10 min, above 3"], [{ count: 5, within: "10m", of: { above: 80 } }, "5 times within 10 min above 80 °C"],
    [{ expression: "a > 1 and b" }, "a > 1 and b"], [{ something: "new" } as Condition, '{"something":"new"}'],
  ])("%j", (condition, text) => expect(plain(conditionText(condition, sensor))).toBe(text));
  it("begins with the sensor's name", () => {
    const rule = { scope: { sensor: "t" }, condition: { above: 80 } } as Rule;
    expect(plain(ruleText(rule, sensor))).toBe("Gearbox above 80 °C");
    expect(plain(ruleText({ ...rule, condition: { expression: "a > b" } }, sensor))).toBe("Gearbox: a > b");
  });
});

it("leaves out what is not set", () => {
  const rule = { deadband: 0, on_delay: "0s", off_delay: "500ms", minimum: "0s", repeat: 3, latch: true, active_during: ["early"] } as unknown as Rule;
  expect(plain(delayText(rule))).toBe("3 samples in a row · off after 500 ms · latched · only during early");
});

it.each([[0, true, true], [0, false, false], [2, true, false], [null, true, false]])("a rule that watches %j, in force: %j", (watches, enabled, nothing) =>
  expect(watchesNothing({ watches, enabled })).toBe(nothing));

describe("a rule in plain words", () => {
  const tree = growTree([
    { path: "a", slug: "a", name: "Berlin", kind: "site", labels: { country: "de" } }, { path: "a/b/c/d", slug: "d", name: "Robot 1", kind: "machine", type: "robot", sensors: [sensor] },
  ] as never);
  const rule: RuleDraft = { name: "Hot", scope: { sensor: "t", type: "robot", under: "a" }, condition: { above: 80 }, severity: "high", deadband: 2, on_delay: "1500ms", off_delay: "10s", channels: ["a", "b"] };
  afterEach(() => prefer({ language: "en" }));
  it("says when, where, until when and whom", () => expect(plain(plainWords(rule, tree, sensor).join(" "))).toBe(
    "High alarm when: Gearbox above 80 °C, for 1.5 s. Watches every robot in Berlin. Over when the value has come back by 2 °C, and stays so for 10 s. Tells a and b."));
  it("says it in German", () => {
    prefer({ language: "de" });
    expect(plain(plainWords({ ...rule, channels: [], enabled: false, deadband: 0, off_delay: "0s" }, tree, sensor).join(" "))).toBe(
      "Alarm der Schwere „Hoch“, wenn: Gearbox über 80 °C, 1,5 s lang. Überwacht: alle Maschinen vom Typ robot in Berlin. Vorbei, wenn das nicht mehr gilt. Benachrichtigt niemanden: Er steht nur auf den Seiten. Nicht in Kraft: Sie löst nichts aus.");
  });
  it("watches machines by the labels of what they stand in", () =>
    expect([{ country: "de" }, { country: "fr" }].map((labels) => watchedBy(tree, { sensor: "t", labels }).length)).toEqual([1, 0]));
});
