import { afterEach, describe, expect, it } from "vitest";
import { AS_BROWSER, prefer } from "@/shared/preferences/preferences";
import { sentence } from "./sentence";

afterEach(() => { prefer(AS_BROWSER); });

/** Every sentence of alerting's rules/words.py: as it is, as it was, and in German. */
const SAID: [message: string, was: string, german: string, germanWas: string][] = [
  ["Oil temperature is 81.2 °C, above 65 °C", "Oil temperature was 81.2 °C, above 65 °C", "Oil temperature liegt bei 81,2 °C, über 65 °C", "Oil temperature lag bei 81,2 °C, über 65 °C"],
  ["Oil is 5.0 °C above setpoint; 3 °C is allowed", "Oil was 5.0 °C above setpoint; 3 °C is allowed", "Oil liegt 5,0 °C über setpoint; erlaubt: 3 °C", "Oil lag 5,0 °C über setpoint; erlaubt: 3 °C"],
  ["Oil rises 3.25 °C/min; 2 °C/min is allowed", "Oil rose 3.25 °C/min; 2 °C/min is allowed", "Oil steigt um 3,25 °C/min; erlaubt: 2 °C/min", "Oil stieg um 3,25 °C/min; erlaubt: 2 °C/min"],
  ["Oil is unusual: 6.2 deviations below its last 1 h, 5 is allowed", "Oil was unusual: 6.2 deviations below its last 1 h, 5 is allowed", "Oil ist ungewöhnlich: 6,2 Abweichungen unter den letzten 1 h; erlaubt: 5", "Oil war ungewöhnlich: 6,2 Abweichungen unter den letzten 1 h; erlaubt: 5"],
  ["Oil passed 80 °C 5 times within 10 min", "Oil passed 80 °C 5 times within 10 min", "Oil hat 80 °C in 10 min 5-mal verletzt", "Oil hat 80 °C in 10 min 5-mal verletzt"],
  ["Oil has said nothing for 1 min 30 s", "Oil said nothing for 1 min 30 s", "Oil meldet seit 1 min 30 s nichts", "Oil meldete 1 min 30 s lang nichts"],
  ["Oil has not changed for 10 min", "Oil did not change for 10 min", "Oil ändert sich seit 10 min nicht", "Oil änderte sich 10 min lang nicht"],
  ["Oil is of bad or stale quality", "Oil was of bad or stale quality", "Oil liefert Werte der Qualität schlecht oder veraltet", "Oil lieferte Werte der Qualität schlecht oder veraltet"],
  ["Oil is as it was", "Oil was as it was", "Oil ist wie zuvor", "Oil war wie zuvor"],
  ["Part is there is true", "Part is there was true", "Part is there steht auf Ein", "Part is there stand auf Ein"],
  ["State is FAULT", "State was FAULT", "State steht auf FAULT", "State stand auf FAULT"],
  ["Lift: a - b is 41.5, above 40", "Lift: a - b was 41.5, above 40", "Lift: a - b liegt bei 41,5, über 40", "Lift: a - b lag bei 41,5, über 40"],
  ["Lift: temperature > 80 and not speed < 10", "Lift: temperature > 80 and not speed < 10", "Lift: temperature > 80 and not speed < 10", "Lift: temperature > 80 and not speed < 10"],
];

describe.each(SAID)("%s", (message, was, german, germanWas) => {
  it("speaks of the present only while it is", () => {
    prefer({ language: "en", numbers: "en-GB" });
    expect([sentence(message, true), sentence(message, false)]).toEqual([message, was]);
  });
  it("is said in German, with its numbers", () => {
    prefer({ language: "de", numbers: "de-DE" });
    expect([sentence(message, true), sentence(message, false)]).toEqual([german, germanWas]);
  });
});

it("leaves numbers that are names or of another kind as they are", () => {
  prefer({ language: "de", numbers: "de-DE" });
  expect(sentence("State is 4.2-beta", true)).toBe("State steht auf 4.2-beta");
  expect(sentence("Flow is 1e+16 m³/h, above 5 m³/h", true)).toBe("Flow liegt bei 1e+16 m³/h, über 5 m³/h");
});
