import { expect, it } from "vitest";
import type { Sensor } from "@/shared/api/types";
import { sectionsOf, type Section, type Show } from "./sections";

const sensor = (key: string, datatype: Sensor["datatype"] = "float", limits = {}) => ({ key, path: `m/${key}`, datatype, limits }) as Sensor;
const SENSORS = [sensor("state", "string"), sensor("parts"), sensor("oil", "float", { h: 1, hh: 2 }), sensor("door", "bool")];
const type = (...sections: [title: string, show: Show, ...keys: string[]][]) => ({ page: { sections: sections.map(([title, show, ...sensors]) => ({ title, show, sensors })) } });
const told = (sections: Section[]) => sections.map(({ title, show, sensors }) => `${title}|${show}: ${sensors.map((s) => s.key).join(" ")}`);

it("shows every value, the states and a trend where the type decides nothing", () => {
  const usual = ["|bars: state parts oil door", "|states: state door", "|trend: oil parts"];
  expect(told(sectionsOf(SENSORS, undefined))).toEqual(usual);
  expect(told(sectionsOf(SENSORS, type()))).toEqual(usual);
});

it("shows what the type decides, in its order, and nothing out of reach", () =>
  expect(told(sectionsOf(SENSORS, type(["Heat", "trend", "oil"], ["Work", "states", "state"])))).toEqual(["Heat|trend: oil", "Work|states: state", "|bars: parts door"]));

it("leaves out what cannot be shown so, and sensors that are gone", () =>
  expect(told(sectionsOf(SENSORS, type(["A", "trend", "state", "oil"], ["B", "tiles", "gone"], ["C", "bars", "state", "parts", "door"])))).toEqual(["A|trend: oil", "C|bars: state parts door"]));
