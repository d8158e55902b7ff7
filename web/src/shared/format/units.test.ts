import { expect, it } from "vitest";
import { unitText } from "./units";

it.each([["Cel", "°C"], ["m3/h", "m³/h"], ["1", ""], ["", ""], [undefined, ""], ["{parts}/min", "parts/min"], ["mm/s", "mm/s"], ["m/s2", "m/s²"], ["%", "%"], ["kW.h", "kWh"]])(
  "%s is written %s",
  (code, text) => expect(unitText(code)).toBe(text),
);
