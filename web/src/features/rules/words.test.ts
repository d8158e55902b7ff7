import { describe, expect, it } from "vitest";
import type { Condition, Rule, Sensor } from "@/shared/api/types";
import { conditionText, delayText, ruleText, watchesNothing } from "./words";

const sensor = { key: "t", path: "a/b/c/d/t", name: "Gearbox", unit: "Cel", datatype: "float", limits: {}, decimals: 1 } as Sensor;
const plain = (text: string): string => text.replaceAll("\u00a0", " ");

describe("a condition as a sentence", () => {
  it.each<[Condition, string]>([
    [{ above: 80 }, "above 80.0 °C"], [{ below: "l" }, "below its L limit"], [{ outside: [5, 80.25] }, "outside 5.0 to 80.25 °C"],
    [{ levels: [{ above: "hh", severity: "critical" }, { above: 80 }] }, "above its HH limit (critical), above 80.0 °C"],
    [{ equals: ["FAULT", "ESTOP"] }, "says FAULT or ESTOP"], [{ silent: "30s" }, "silent for 30 s"], [{ unchanged: "10m" }, "unchanged for 10 min"],
    [{ quality: ["bad", "stale"] }, "is bad or stale"], [{ deviation_from: "setpoint", outside: [-5, 5] }, "minus setpoint outside -5 to 5"],
    [{ rate_over: "10m", above: 3 }, "changes per min, over 10 min, above 3"], [{ count: 5, within: "10m", of: { above: 80 } }, "5 times within 10 min above 80.0 °C"],
    [{ expression: "a > 1 and b" }, "a > 1 and b"], [{ something: "new" } as Condition, '{"something":"new"}'],
  ])("%j", (condition, text) => expect(plain(conditionText(condition, sensor))).toBe(text));
  it("begins with the sensor's name", () => {
    const rule = { scope: { sensor: "t" }, condition: { above: 80 } } as Rule;
    expect(plain(ruleText(rule, sensor))).toBe("Gearbox above 80.0 °C");
    expect(plain(ruleText({ ...rule, condition: { expression: "a > b" } }, sensor))).toBe("Gearbox: a > b");
  });
});

it("leaves out what is not set", () => {
  const rule = { deadband: 0, on_delay: "0s", off_delay: "500ms", minimum: "0s", repeat: 3, latch: true, active_during: ["early"] } as unknown as Rule;
  expect(plain(delayText(rule))).toBe("3 samples in a row · off after 500 ms · latched · only during early");
});

it.each([[0, true, true], [0, false, false], [2, true, false], [null, true, false]])("a rule that watches %j, in force: %j", (watches, enabled, nothing) =>
  expect(watchesNothing({ watches, enabled })).toBe(nothing));
