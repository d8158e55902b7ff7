/** `npx vitest bench src/features/palette`: a search must answer within a frame (16 ms) in a plant of 10,000 sensors. */

import { bench } from "vitest";
import { Finder } from "./finder";

const SENSORS = ["Oil temperature", "Ram force", "Hydraulic pressure", "Strokes", "Frame vibration", "Motor current", "Flow", "Outlet pressure", "Power", "State"];
const plant = Array.from({ length: 1_000 }, (_, m) => {
  const place = `Site ${m % 4} / Area ${m % 7} / Line ${m % 31} / Press ${m} site-${m % 4}/area-${m % 7}/line-${m % 31}/press-${m}`;
  return [{ name: `Press ${m}`, place }, ...SENSORS.map((name) => ({ name, place: `${place}/${name}` }))];
}).flat();
const finder = new Finder(plant);

bench("prepare 11,000 things", () => { new Finder(plant); });
for (const query of ["t", "temp", "oil press 512", "hydralic presure 77", "nothinglikethis"]) bench(`find ${query}`, () => { finder.find(query, 50); });
